import TestSupport
import Testing

/// Every rule of the reader, broken one at a time, against the real server.
struct MalformedRequestTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let what: String
        let request: String
        var status = 400

        var testDescription: String { what }
    }

    static let cases: [Case] = [
        Case(what: "LF alone after the request line", request: "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        Case(what: "LF alone after a field", request: "GET / HTTP/1.1\r\nHost: a\n\r\n"),
        Case(what: "LF alone at the end", request: "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        Case(what: "CR alone", request: "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"),
        Case(what: "two CR", request: "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"),
        Case(what: "two empty lines in front", request: "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "folded line by space", request: "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"),
        Case(what: "folded line by tab", request: "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n"),
        Case(what: "space in front of the method", request: " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "space before the first field", request: "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        Case(what: "NUL in a value", request: "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"),
        Case(what: "tab in a value", request: "GET / HTTP/1.1\r\nHost: a\r\nX: a\tb\r\n\r\n"),
        Case(what: "DEL in a value", request: "GET / HTTP/1.1\r\nHost: a\r\nX: \u{7f}\r\n\r\n"),
        Case(what: "NUL in the path", request: "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "control byte in the method", request: "G\u{1}T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "method is no token", request: "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "two spaces before the target", request: "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "two spaces before the version", request: "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "space in the target", request: "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "no version", request: "GET /\r\nHost: a\r\n\r\n"),
        Case(what: "lower-case version", request: "GET / http/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "version with two digits", request: "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        Case(what: "HTTP/2.0", request: "GET / HTTP/2.0\r\nHost: a\r\n\r\n", status: 505),
        Case(what: "HTTP/0.9", request: "GET / HTTP/0.9\r\nHost: a\r\n\r\n", status: 505),
        Case(what: "HTTP/1.2", request: "GET / HTTP/1.2\r\nHost: a\r\n\r\n", status: 505),
        Case(what: "preface of HTTP/2", request: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 505),
        Case(what: "fragment in the target", request: "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "byte over 0x7E in the target", request: "GET /é HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "target without slash", request: "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "target *", request: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "target of another scheme", request: "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "absolute target without host", request: "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "absolute target with a user", request: "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "encoded NUL", request: "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "encoded slash", request: "GET /a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "encoded backslash", request: "GET /a%5cb HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "dot segments", request: "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "encoded dot segments", request: "GET /a/%2e%2E/b HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "half a percent code", request: "GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "path that is not UTF-8", request: "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(what: "CONNECT", request: "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", status: 405),
        Case(what: "no Host", request: "GET / HTTP/1.1\r\n\r\n"),
        Case(what: "two Hosts", request: "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        Case(what: "two Hosts in 1.0", request: "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"),
        Case(what: "list in Host", request: "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        Case(what: "path in Host", request: "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        Case(what: "space before the colon", request: "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        Case(what: "space in a name", request: "GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n"),
        Case(what: "empty name", request: "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
        Case(what: "no colon", request: "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
        Case(what: "length and chunks", request: post("Content-Length: 5\r\nTransfer-Encoding: chunked")),
        Case(what: "chunks and length", request: post("Transfer-Encoding: chunked\r\nContent-Length: 5")),
        Case(what: "two lengths", request: post("Content-Length: 5\r\nContent-Length: 6")),
        Case(what: "the same length twice", request: post("Content-Length: 5\r\nContent-Length: 5")),
        Case(what: "list of lengths", request: post("Content-Length: 5, 5")),
        Case(what: "length with sign", request: post("Content-Length: +5")),
        Case(what: "negative length", request: post("Content-Length: -5")),
        Case(what: "hexadecimal length", request: post("Content-Length: 0x5")),
        Case(what: "empty length", request: post("Content-Length:")),
        Case(what: "length with a space", request: post("Content-Length: 5 5")),
        Case(what: "length beyond 64 bits", request: post("Content-Length: 99999999999999999999"), status: 413),
        Case(what: "unknown coding", request: post("Transfer-Encoding: gzip")),
        Case(what: "two codings", request: post("Transfer-Encoding: gzip, chunked")),
        Case(what: "chunked twice", request: post("Transfer-Encoding: chunked, chunked")),
        Case(what: "two codings in two fields", request: post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x")),
        Case(what: "coding that only looks so", request: post("Transfer-Encoding: xchunked")),
        Case(what: "coding in capitals", request: post("Transfer-Encoding: CHUNKED")),
        Case(what: "coding in quotes", request: post("Transfer-Encoding: \"chunked\"")),
        Case(what: "space before the coding's colon", request: post("Transfer-Encoding : chunked")),
        Case(what: "name that begins like the coding's", request: post("Transfer-Encodings: chunked")),
        Case(what: "folded coding", request: post("Transfer-Encoding:\r\n chunked")),
        Case(
            what: "chunks in HTTP/1.0",
            request: "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Case(what: "unknown expectation", request: post("Content-Length: 5\r\nExpect: tea"), status: 417),
        Case(what: "chunk size with 0x", request: chunks("0x5\r\nhello\r\n0\r\n\r\n")),
        Case(what: "negative chunk size", request: chunks("-5\r\nhello\r\n0\r\n\r\n")),
        Case(what: "chunk size with a sign", request: chunks("+5\r\nhello\r\n0\r\n\r\n")),
        Case(what: "space before the chunk size", request: chunks(" 5\r\nhello\r\n0\r\n\r\n")),
        Case(what: "space after the chunk size", request: chunks("5 \r\nhello\r\n0\r\n\r\n")),
        Case(what: "empty chunk size", request: chunks("\r\nhello\r\n0\r\n\r\n")),
        Case(what: "chunk size over 16 digits", request: chunks("00000000000000005\r\nhello\r\n0\r\n\r\n")),
        Case(what: "chunk size over the limit", request: chunks("fffffffffffffff0\r\nhello"), status: 413),
        Case(what: "chunk size with LF alone", request: chunks("5\nhello\r\n0\r\n\r\n")),
        Case(what: "chunk size with CR and another byte", request: chunks("5\rXhello\r\n0\r\n\r\n")),
        Case(what: "chunk longer than its size", request: chunks("5\r\nhello!\r\n0\r\n\r\n")),
        Case(what: "chunk data with LF alone", request: chunks("5\r\nhello\n0\r\n\r\n")),
        Case(what: "LF in a chunk extension", request: chunks("5;a\n\r\nhello\r\n0\r\n\r\n")),
        Case(what: "NUL in a chunk extension", request: chunks("5;\0\r\nhello\r\n0\r\n\r\n")),
        Case(
            what: "chunk extension over 256 bytes",
            request: chunks("5;" + String(repeating: "a", count: 256) + "\r\nhello\r\n0\r\n\r\n")),
        Case(what: "trailer with LF alone", request: chunks("0\r\nA: b\n\r\n")),
        Case(what: "trailer without colon", request: chunks("0\r\nA\r\n\r\n")),
        Case(what: "length in a trailer", request: chunks("0\r\nContent-Length: 5\r\n\r\n")),
        Case(what: "coding in a trailer", request: chunks("0\r\ntransfer-encoding: chunked\r\n\r\n")),
        Case(what: "folded trailer", request: chunks("0\r\nA: b\r\n c\r\n\r\n")),
        Case(
            what: "trailers over 8 kB",
            request: chunks("0\r\nA: " + String(repeating: "a", count: 9000) + "\r\n\r\n"), status: 431),
        Case(
            what: "request line over its limit",
            request: "GET /" + String(repeating: "a", count: 9000) + " HTTP/1.1\r\nHost: a\r\n\r\n", status: 414),
        Case(
            what: "head over its limit",
            request: "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 33_000) + "\r\n\r\n",
            status: 431),
        Case(
            what: "more than 100 fields",
            request: "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "A: b\r\n", count: 100) + "\r\n",
            status: 431),
    ]

    private static func post(_ framing: String) -> String {
        "POST /echo HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\nhello"
    }

    private static func chunks(_ body: String) -> String {
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"
    }

    @Test(arguments: cases) func `is refused, and nothing behind it is read`(malformed: Case) throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(malformed.request)
        client.sendIgnoringErrors("GET /hello/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == malformed.status)
        #expect(answer.header("Connection") == "close")
        #expect(try client.isClosedWithoutAnotherByte())
    }

    @Test(arguments: [
        ("one empty line in front", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n"),
        ("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        ("absolute target", "GET http://shop.example/ HTTP/1.1\r\nHost: other\r\n\r\n"),
        ("absolute target without path", "GET HTTPS://shop.example HTTP/1.1\r\nHost: other\r\n\r\n"),
        ("Upgrade", "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"),
        ("bytes over 0x7F in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: é\r\n\r\n"),
        ("empty value", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n"),
    ]) func `is unusual and right`(what: String, request: String) throws {
        let answer = try TestServer().exchange(request)
        #expect(answer.status == 200, "\(what)")
        #expect(answer.text == "home")
    }

    @Test func `the authority of an absolute target takes the place of Host`() throws {
        let answer = try TestServer().exchange("GET http://shop.example:8080/host HTTP/1.1\r\nHost: other\r\n\r\n")
        #expect(answer.text == "shop.example:8080")
    }
}
