/// Where a shop is: scheme, host, port and the folder that WordPress lives in.
package struct ShopAddress: Sendable, Equatable {
    package let isSecure: Bool
    /// Lower case; an IPv6 literal keeps its brackets.
    package let host: String
    package let port: Int?
    /// Begins with a slash and does not end with one; empty for the root.
    package let path: String

    /// Reads an absolute address without user name, query and fragment, as the setting holds it.
    package init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        switch text[..<mark.lowerBound].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: return nil
        }
        let rest = text[mark.upperBound...]
        guard !rest.contains(where: { $0.isWhitespace || "@?#\\<>\"".contains($0) }) else { return nil }
        let authority = rest.prefix { $0 != "/" }
        let bracket = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        let colon = authority[bracket...].firstIndex(of: ":")
        host = authority[..<(colon ?? authority.endIndex)].lowercased()
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else { return nil }
        if let colon {
            guard let port = Int(authority[authority.index(after: colon)...]), (1...65535).contains(port)
            else { return nil }
            self.port = port
        } else {
            port = nil
        }
        let folders = rest.dropFirst(authority.count).split(separator: "/")
        path = folders.map { "/" + $0 }.joined()
    }

    private init(_ address: ShopAddress, path: String) {
        isSecure = address.isSecure
        host = address.host
        port = address.port
        self.path = path
    }

    package func with(path: String) -> ShopAddress { ShopAddress(self, path: path) }

    /// Without a trailing slash; the scheme's own port is left out, as WordPress leaves it out of its own address.
    package var text: String {
        let usual = isSecure ? 443 : 80
        return (isSecure ? "https://" : "http://") + host + (port.map { $0 == usual ? "" : ":\($0)" } ?? "") + path
    }

    /// The host as certificates and the name service know it: an IPv6 literal without its brackets.
    var hostName: String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}
