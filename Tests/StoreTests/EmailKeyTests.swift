import Store
import Testing

@Suite struct EmailKeyTests {
    @Test(arguments: [
        ("Ana@Example.com", "ana@example.com"), ("  ana@example.com\n", "ana@example.com"),
        ("ÑANDÚ@example.com", "ñandú@example.com"), (" ", ""), ("", ""),
    ])
    func `addresses are compared without blanks and case`(typed: String, key: String) {
        #expect(EmailKey.make(typed) == key)
    }
}
