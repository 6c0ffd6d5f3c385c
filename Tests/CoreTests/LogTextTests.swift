import Core
import Testing

@Suite struct LogTextTests {
    @Test(arguments: [
        ("to +1 202 555 0100 failed", "to … failed"), ("12025550100", "…"), ("(202) 555-0100", "…"),
        ("mail to ana@example.com", "mail to …@…"),
        ("GET https://name:pass@shop.example/wp-json?consumer_secret=cs_1 failed", "GET https://shop.example/… failed"),
        ("token EAAGm0PX4ZCpsBAKZCZCZC9x8y7z6w5v", "token …"),
    ])
    func `what may name a person or open a door is left out`(text: String, masked: String) {
        #expect(LogText.masked(text) == masked)
    }

    @Test(arguments: [
        "HTTP 503", "message 7318349394477056001", "2026-05-01T08:00:00.000Z", "curl 28: timed out after 15000 ms",
        "no such table: orders",
    ])
    func `ids, times and codes stay`(text: String) { #expect(LogText.masked(text) == text) }

    @Test func `of an error that nobody vouches for only its kind is said`() {
        struct Echo: Error, CustomStringConvertible { let description = "Dear Ana, your order 1042" }
        var words = ""
        if case .text(let text) = Log.Field.error(Echo()) { words = text }
        #expect(words.contains("Echo"))
        #expect(!words.contains("Ana"))
    }
}
