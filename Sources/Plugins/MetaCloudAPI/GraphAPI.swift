import Core
import HTTP
import PluginKit

/// Meta's Graph API as settings stand now: where it is, and what proves who we are.
struct GraphAPI: Sendable {
    /// A setting of its own may name another host, in this machine's network too; this one must be on the internet.
    private static let publicHost = "graph.facebook.com"

    private let base: String
    private let token: Secret
    private let hosts: AllowedHosts

    init(_ settings: any SettingsReader) throws(MetaError) {
        guard let token = settings[MetaSettings.accessToken], !token.isEmpty else {
            throw MetaError(.notSetUp, "\(MetaSettings.accessToken.key) is not set")
        }
        var url = settings[MetaSettings.graphURL]
        while url.hasSuffix("/") { url.removeLast() }
        guard let host = Self.host(of: url) else {
            throw MetaError(.notSetUp, "\(MetaSettings.graphURL.key) is not a web address")
        }
        self.token = token
        base = url + "/" + URLEncoding.encode(settings[MetaSettings.graphVersion])
        hosts = host == Self.publicHost ? AllowedHosts(declared: [host]) : AllowedHosts(namedByAdmin: [host])
    }

    /// - Parameter path: segments below the version, unencoded.
    func get(_ path: [String], query: [(name: String, value: String)]) -> OutboundRequest {
        OutboundRequest(
            .get, url(path) + "?" + URLEncoding.encode(query), headers: headers, hosts: hosts, repeatable: true)
    }

    /// One request, one message: it must never be repeated by the transport.
    func post(_ path: [String], json: [UInt8]) -> OutboundRequest {
        var headers = headers
        headers["Content-Type"] = "application/json"
        return OutboundRequest(.post, url(path), headers: headers, body: json, hosts: hosts, repeatable: false)
    }

    private var headers: Headers {
        // Revealed for the one header that proves who we are.
        ["Authorization": "Bearer " + token.reveal(), "Accept": "application/json"]
    }

    private func url(_ path: [String]) -> String {
        path.reduce(base) { $0 + "/" + URLEncoding.encode($1) }
    }

    /// The host of an absolute URL, in lower case, without port and an IPv6 literal's brackets.
    private static func host(of url: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: { url.lowercased().hasPrefix($0) }) else { return nil }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { return nil }
        let host =
            authority.hasPrefix("[")
            ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        return host.isEmpty ? nil : host.lowercased()
    }
}
