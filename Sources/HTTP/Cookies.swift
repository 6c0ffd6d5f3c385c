/// The cookies that a client sent (RFC 6265, 4.2); of a repeated name the first counts, as browsers order them.
package struct Cookies: Sendable {
    private let pairs: [(name: String, value: String)]

    package init(_ headers: Headers) {
        pairs = headers.all("Cookie").flatMap { $0.split(separator: ";") }.compactMap { piece in
            let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { return nil }
            return (Headers.trim(halves[0]), Headers.trim(halves[1]))
        }
    }

    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }
}

/// A cookie to be set: by default only sent back to this site, not seen by scripts.
package struct SetCookie: Sendable {
    package enum SameSite: String, Sendable { case strict = "Strict", lax = "Lax", none = "None" }

    package var name: String
    package var value: String
    package var path = "/"
    /// Seconds; nil lasts as long as the browser runs, 0 removes the cookie.
    package var maxAge: Int?
    package var httpOnly = true
    package var secure: Bool
    package var sameSite = SameSite.lax

    /// - Parameters:
    ///   - value: of visible ASCII without `"`, `,`, `;` and `\`; other bytes are percent-encoded.
    ///   - secure: whether the page was reached over TLS (`Context.isSecure`).
    package init(_ name: String, _ value: String, maxAge: Int? = nil, secure: Bool) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.secure = secure
    }

    package var headerValue: String {
        let plain = value.utf8.allSatisfy { byte in
            (0x21...0x7e).contains(byte) && ![0x22, 0x2c, 0x3b, 0x5c].contains(byte)
        }
        var text = "\(name)=\(plain ? value : URLEncoding.encode(value)); Path=\(path)"
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if httpOnly { text += "; HttpOnly" }
        if secure { text += "; Secure" }
        return text + "; SameSite=\(sameSite.rawValue)"
    }
}
