import Core
import HTTP
import Testing

@Suite struct `Retry-After` {
    private let now = Timestamp(rfc3339: "1994-11-06T08:49:07Z") ?? Timestamp(seconds: 0)

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("Sun, 06 Nov 1994 08:49:37 GMT", 30), ("Sun Nov  6 08:49:37 1994", 30),
            ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ] as [(String, Int64)])
    func `is read in seconds or as a date`(field: String, seconds: Int64) {
        #expect(RetryAfter.parse(field, now: now) == .seconds(seconds))
    }

    @Test func `is read with a year of two digits`() throws {
        let now = try #require(Timestamp(rfc3339: "2026-11-20T10:00:00Z"))
        #expect(RetryAfter.parse("Friday, 20-Nov-26 10:01:00 GMT", now: now) == .minutes(1))
    }

    @Test(arguments: [
        "", "-1", "1.5", "soon", "99999999999", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 2026 08:49:37 GMT",
    ])
    func `is nothing when it is neither`(field: String) {
        #expect(RetryAfter.parse(field, now: now) == nil)
    }
}
