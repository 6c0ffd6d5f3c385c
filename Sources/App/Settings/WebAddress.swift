/// An address of the web as a person gives it: `https://shop.example/path`.
package struct WebAddress: Sendable, Equatable {
    package let scheme: String
    /// Lower case, without a port.
    package let host: String
    package let port: Int?
    /// Without a trailing slash; empty for none.
    package let path: String

    package init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        guard !rest.contains(where: { $0.isWhitespace || "@?#\\<>\"".contains($0) }) else { return nil }
        self.path = path
        let parts = Self.split(authority)
        host = parts.host.lowercased()
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else { return nil }
        if let text = parts.port {
            guard let port = Int(text), (1...65535).contains(port) else { return nil }
            self.port = port
        } else {
            port = nil
        }
    }

    /// `scheme://host[:port]`, as browsers send it in `Origin`: without the scheme's own port.
    package var origin: String {
        let usual = scheme == "https" ? 443 : 80
        return "\(scheme)://\(host)" + (port.map { $0 == usual ? "" : ":\($0)" } ?? "")
    }

    package var text: String { "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "") + path }

    /// An IPv6 host keeps its brackets.
    private static func split(_ authority: Substring) -> (host: String, port: String?) {
        let end = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        guard let colon = authority[end...].firstIndex(of: ":") else { return (String(authority), nil) }
        return (String(authority[..<colon]), String(authority[authority.index(after: colon)...]))
    }
}
