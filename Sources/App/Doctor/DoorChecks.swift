import Core
import Database
import Domain
import HTTP
import PluginKit
import Store
import Templating

/// The way in, as requests have shown it: TLS in front, and the proxy's word believed.
struct DoorChecks {
    private let host: Host

    init(_ host: Host) { self.host = host }

    var all: [HealthCheck] {
        [
            HealthCheck(id: "https") { [host] in try Self.https(host) },
            HealthCheck(id: "proxies") { [host] in try Self.proxies(host) },
        ]
    }

    private static func https(_ host: Host) throws -> HealthFinding {
        guard let address = WebAddress(host.site.publicURL) else {
            return .said(.warn, "https.unset", href: "/admin/settings/site")
        }
        let place: [String: WordArgument] = ["address": .text(address.text)]
        if address.isLocal { return .said(.warn, "https.local", place, href: "/admin/settings/site") }
        guard address.scheme == "https" else { return .said(.fail, "https.plain", place, href: "/admin/settings/site") }
        guard try !sightings(host).contains(.unencrypted) else { return .said(.warn, "https.bypassed", place) }
        return .said(.ok, "https", place)
    }

    /// By whichever process the requests came.
    private static func sightings(_ host: Host) throws -> Set<Sighting> {
        try host.database.read { tx in try host.sightings(in: tx) }
    }

    private static func proxies(_ host: Host) throws -> HealthFinding {
        if let proxy = try sightings(host).untrustedProxy {
            return .said(.warn, "proxies.untrusted", ["proxy": .text(proxy)])
        }
        let trusted = host.options.trustedProxies
        guard !trusted.isEmpty else { return .said(.ok, "proxies.none") }
        return .said(.ok, "proxies", ["proxies": .text(trusted.joined(separator: ", "))])
    }
}

extension WebAddress {
    /// It leads to this machine or its own network: nobody outside reaches it.
    var isLocal: Bool {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        if let address = IPAddress(bare) { return !address.isPublic }
        return !bare.contains(".") || ["localhost", "local", "internal", "lan"].contains { bare.hasSuffix("." + $0) }
    }
}
