import CNet
package import Core

/// Where mail is handed over: `smtps://user:password@mail.example:465`, or `smtp://…:587`, which goes on under TLS
/// (STARTTLS) before anything is said. Only a server of one's own network may do without, and only where the address
/// says so: `smtp://192.168.1.5?starttls=off`.
package struct MailServer: Sendable, Equatable {
    package var isTLSFromStart: Bool
    package var host: String
    package var port: UInt16?
    package var user: String?
    package var password: Secret?
    package var mayBePlain: Bool

    /// Nil for what is no such address.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), let scheme = Self.read(text, CNET_URL_SCHEME),
            ["smtp", "smtps"].contains(scheme), let host = Self.read(text, CNET_URL_HOST), !host.isEmpty,
            ["", "/"].contains(Self.read(text, CNET_URL_PATH) ?? "")
        else { return nil }
        let query = Self.read(text, CNET_URL_QUERY)
        guard query == nil || query == "starttls=off" && scheme == "smtp" else { return nil }
        isTLSFromStart = scheme == "smtps"
        self.host = host
        port = Self.read(text, CNET_URL_PORT).flatMap { UInt16($0) }
        user = Self.read(text, CNET_URL_USER)
        password = Self.read(text, CNET_URL_PASSWORD).map { Secret($0) }
        mayBePlain = query != nil
    }

    /// Without name and password, as libcurl takes it.
    /// - Parameter name: what we greet with; a domain.
    func url(greetingAs name: String) -> String {
        let usual: UInt16 = isTLSFromStart ? 465 : mayBePlain ? 25 : 587
        return "\(isTLSFromStart ? "smtps" : "smtp")://\(host):\(port ?? usual)/\(name)"
    }

    private static func read(_ url: String, _ part: cnet_url_part) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { room in
            guard cnet_url_read(url, part, room.baseAddress, room.count), let start = room.baseAddress else {
                return nil
            }
            return String(cString: start)
        }
    }
}
