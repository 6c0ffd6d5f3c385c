/// What stands before a request's body: read once, with one meaning, or refused.
///
/// The rules are those of RFC 9112 at its strictest; whatever two programs could read differently is refused, since a
/// proxy in front may have read it the other way.
package struct RequestHead: Sendable {
    /// How the body's end is found.
    package enum Framing: Sendable, Equatable {
        /// Also for `Content-Length: 0`.
        case none
        case length(Int)
        case chunked
    }

    package let method: Method
    package let target: Target
    /// With one `Host`, taken from an absolute target where there is one.
    package let headers: Headers
    package let isVersion10: Bool
    package let framing: Framing
    /// Whether the client wants another request after this one.
    package let keepsAlive: Bool
    /// The client waits for 100 before it sends the body.
    package let expectsContinue: Bool

    /// - Parameter bytes: from the request line's first byte to the empty line, as `HeadScanner` lets it through.
    package init(_ bytes: ArraySlice<UInt8>, _ limits: Limits) throws(RequestRefusal) {
        guard let end = bytes.firstIndex(of: 0x0d) else { throw .bad("no request line") }
        let line = try RequestLine(bytes[..<end])
        var headers = Headers(try FieldLines.parse(bytes[(end + 2)...].dropLast(2), most: limits.fields))

        let hosts = headers.all("Host")
        guard hosts.count == 1 || (line.isVersion10 && hosts.isEmpty) else { throw .bad("not exactly one Host") }
        guard hosts.allSatisfy(RequestLine.isAuthority) else { throw .bad("Host is not an authority") }
        if let authority = line.authority { headers["Host"] = authority }

        method = line.method
        target = line.target
        isVersion10 = line.isVersion10
        framing = try Self.framing(headers, isVersion10: line.isVersion10)
        let connection = headers.tokens("Connection")
        keepsAlive = !connection.contains("close") && (!isVersion10 || connection.contains("keep-alive"))
        let expectations = isVersion10 ? [] : headers.tokens("Expect")
        guard expectations.allSatisfy({ $0 == "100-continue" }) else {
            throw RequestRefusal(status: 417, reason: "unknown expectation")
        }
        expectsContinue = !expectations.isEmpty && framing != .none
        self.headers = headers
    }

    private static func framing(_ headers: Headers, isVersion10: Bool) throws(RequestRefusal) -> Framing {
        let lengths = headers.all("Content-Length")
        // http_parser 2.9.4, which stands in front of many servers, takes every name that begins so for the field itself.
        let codings = headers.fields.filter { Headers.same(String($0.name.prefix(17)), "Transfer-Encoding") }
        guard codings.allSatisfy({ $0.name.utf8.count == 17 }) else { throw .bad("almost Transfer-Encoding") }
        guard lengths.count + codings.count <= 1 else { throw .bad("more than one body length") }
        if let coding = codings.first {
            guard !isVersion10 else { throw .bad("Transfer-Encoding in HTTP/1.0") }
            guard coding.value == "chunked" else { throw .bad("Transfer-Encoding other than chunked") }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .bad("Content-Length is not a number")
        }
        guard let bytes = Int(length) else { throw RequestRefusal(status: 413, reason: "body too long") }
        return bytes == 0 ? .none : .length(bytes)
    }
}

/// `METHOD target HTTP/1.x`.
private struct RequestLine {
    let method: Method
    let target: Target
    /// Of an absolute target.
    let authority: String?
    let isVersion10: Bool

    init(_ line: ArraySlice<UInt8>) throws(RequestRefusal) {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .bad("request line is not three words") }
        guard FieldLines.isToken(parts[0]) else { throw .bad("method is not a token") }
        method = Method(rawValue: String(decoding: parts[0], as: UTF8.self))
        isVersion10 = try Self.isVersion10(parts[2])
        guard method.rawValue != "CONNECT" else {
            throw RequestRefusal(status: 405, reason: "this server is no proxy")
        }
        guard parts[1].allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw .bad("byte not allowed in the target")
        }
        let (authority, origin) = try Self.split(String(decoding: parts[1], as: UTF8.self))
        guard let target = Target(origin) else { throw .bad("path with more than one meaning") }
        self.target = target
        self.authority = authority
    }

    private static func isVersion10(_ word: ArraySlice<UInt8>) throws(RequestRefusal) -> Bool {
        if word.elementsEqual("HTTP/1.1".utf8) { return false }
        if word.elementsEqual("HTTP/1.0".utf8) { return true }
        let digits = [word.dropFirst(5).first, word.last].compactMap { $0 }
        guard word.count == 8, word.starts(with: "HTTP/".utf8), word.dropFirst(6).first == UInt8(ascii: "."),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw .bad("version is not one") }
        throw RequestRefusal(status: 505, reason: "only HTTP/1.0 and HTTP/1.1")
    }

    /// Takes `http://host/path` apart; a target that begins with a slash has no authority.
    private static func split(_ target: String) throws(RequestRefusal) -> (authority: String?, origin: String) {
        if target.utf8.first == UInt8(ascii: "/") { return (nil, target) }
        let lower = target.prefix(8).lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else {
            throw .bad("target is neither a path nor absolute")
        }
        let rest = target.utf8.dropFirst(scheme.utf8.count)
        let authority = String(
            decoding: rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }, as: UTF8.self)
        guard !authority.isEmpty, isAuthority(authority) else { throw .bad("target's authority is not one") }
        let origin = String(decoding: rest.dropFirst(authority.utf8.count), as: UTF8.self)
        return (authority, origin.hasPrefix("/") ? origin : "/" + origin)
    }

    /// A host and perhaps a port, by its bytes: no user, path, list or space. Empty is allowed in `Host`.
    static func isAuthority(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            case 0x2d, 0x2e, 0x5f, 0x7e, 0x25, 0x3a, 0x5b, 0x5d: true
            default: false
            }
        }
    }
}
