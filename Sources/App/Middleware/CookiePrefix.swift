import HTTP

/// Over TLS our cookies have names that browsers take from TLS alone (RFC 6265bis, 4.1.3): nobody who can write into
/// the host's plain traffic, or a neighbour's subdomain, can plant one. Handlers know nothing of it: the names are put
/// on and taken off at the front door.
enum CookiePrefix {
    private static let host = "__Host-"
    private static let secure = "__Secure-"
    /// Cookies whose name begins so decide who somebody is: without the prefix they do not count over TLS.
    private static let guarded = "cartwright"

    /// Names the request's cookies as handlers know them.
    static func take(_ request: inout Request) {
        let fields = request.headers.all("Cookie")
        guard !fields.isEmpty else { return }
        let kept = fields.flatMap { $0.split(separator: ";") }.compactMap { piece -> String? in
            let cookie = piece.drop { $0 == " " || $0 == "\t" }
            for prefix in [host, secure] where cookie.hasPrefix(prefix) {
                return String(cookie.dropFirst(prefix.count))
            }
            return cookie.hasPrefix(guarded) ? nil : String(cookie)
        }
        request.headers["Cookie"] = kept.isEmpty ? nil : kept.joined(separator: "; ")
    }

    /// `__Host-` is for cookies of the whole site, `__Secure-` for those of a path.
    static func put(on response: inout Response) {
        let cookies = response.headers.all("Set-Cookie")
        guard !cookies.isEmpty else { return }
        response.headers["Set-Cookie"] = nil
        for cookie in cookies {
            let attributes = cookie.split(separator: ";").dropFirst().map { $0.filter { $0 != " " }.lowercased() }
            let isSafe = attributes.contains("secure") && cookie.hasPrefix(guarded)
            let prefix = attributes.contains("path=/") ? host : secure
            response.headers.add("Set-Cookie", isSafe ? prefix + cookie : cookie)
        }
    }
}
