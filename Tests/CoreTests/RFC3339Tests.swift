import Core
import Testing

/// Times as the API reads and writes them.
struct RFC3339Tests {
    @Test(arguments: ["9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01"])
    func `a time that four digits of a year cannot write is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(arguments: ["9999-12-31T23:59:59.999Z", "0000-01-01T00:00:00.000Z"])
    func `the first and the last that they can are read`(text: String) {
        #expect(Timestamp(rfc3339: text)?.rfc3339 == text)
    }
}
