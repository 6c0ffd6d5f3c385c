import HTTP

/// How the doubled shop's own requests leave: over the network, whatever the host.
struct ShopPost: Sendable {
    private let client: CurlClient

    init() throws { client = try CurlClient(version: "double") }

    func send(_ delivery: ShopDelivery) -> Int? {
        guard let host = Self.authority(of: delivery.url)?.host else { return nil }
        let request = OutboundRequest(
            .post, delivery.url, headers: delivery.headers, body: delivery.body,
            hosts: AllowedHosts(namedByAdmin: [host]), repeatable: false)
        return try? client.send(request).status
    }

    /// `wp_http_validate_url`: no private or loopback address, no port but 80, 443 and 8080.
    static func isAllowed(_ url: String) -> Bool {
        guard let (host, port) = authority(of: url), [80, 443, 8080].contains(port), host != "localhost" else {
            return false
        }
        let numbers = host.split(separator: ".").compactMap { Int($0) }
        guard numbers.count == 4 else { return true }
        let isPrivate =
            [0, 10, 127].contains(numbers[0]) || (numbers[0] == 192 && numbers[1] == 168)
            || (numbers[0] == 172 && (16...31).contains(numbers[1]))
        return !isPrivate
    }

    private static func authority(of url: String) -> (host: String, port: Int)? {
        guard let match = url.wholeMatch(of: /(https?):\/\/([^\/:?#]+)(?::([0-9]+))?(?:[\/?#].*)?/) else { return nil }
        let port = match.3.flatMap { Int($0) } ?? (match.1 == "https" ? 443 : 80)
        return (match.2.lowercased(), port)
    }
}
