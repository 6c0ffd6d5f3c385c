import Messaging
import Domain
import Core
import Crypto
import HTTP
import PluginKit
import Templating

/// The looks that call outside: is this server reached by its public address, does its clock agree with the provider's.
struct ReachChecks {
    /// Tells the servers of one house from others that answer at the same address.
    static let markField = "X-Cartwright"

    private let host: Host

    init(_ host: Host) { self.host = host }

    var all: [HealthCheck] {
        [
            HealthCheck(id: "reach", callsOutside: true) { [host] in Self.reach(host) },
            HealthCheck(id: "world_clock", callsOutside: true) { [host] in Self.worldClock(host) },
        ]
    }

    /// What this house answers at `/healthz`; made of its public key, so it tells nobody anything.
    static func mark(_ host: Host) -> String {
        Array(SHA256.hash("instance " + host.settings[HostSettings.siteKey]).prefix(8)).hex
    }

    private static func reach(_ host: Host) -> HealthFinding {
        guard let address = WebAddress(host.site.publicURL) else {
            return .said(.warn, "https.unset", href: "/admin/settings/site")
        }
        var known: [String: WordArgument] = ["address": .text(address.text)]
        let response: OutboundResponse
        do throws(HTTPClientError) {
            response = try host.messaging.client.send(
                OutboundRequest(
                    .get, address.text + "/healthz", hosts: AllowedHosts(namedByAdmin: [address.host]),
                    repeatable: true, deadline: .seconds(10), maxResponseBytes: 64 << 10))
        } catch {
            known["reason"] = .text(error.message)
            return .said(.fail, "reach.silent", known, href: "/admin/settings/site")
        }
        guard response.status == 200, response.headers[markField] == mark(host) else {
            known["status"] = .number(Int64(response.status))
            return .said(.fail, "reach.other", known, href: "/admin/settings/site")
        }
        // Sent where this server believes that the client came over TLS.
        if address.scheme == "https", response.headers["Strict-Transport-Security"] == nil {
            return .said(.warn, "reach.untrusted", known)
        }
        return .said(.ok, "reach", known)
    }

    /// Every web server tells its time with each answer; that of the active channel is asked, and nobody else.
    private static func worldClock(_ host: Host) -> HealthFinding {
        guard let channel = host.messaging.activeChannel, channel.sendingNumber() != nil,
            let (url, hosts) = provider(of: channel.id, host)
        else { return .said(.ok, "world_clock.unset") }
        let request = OutboundRequest(
            .get, url, hosts: hosts, repeatable: true, deadline: .seconds(10), maxResponseBytes: 1 << 20)
        guard let response = try? host.messaging.client.send(request),
            let theirs = response.headers["Date"].flatMap(RetryAfter.date)
        else { return .said(.warn, "world_clock.silent", ["address": .text(url)]) }
        return MachineChecks.verdict(of: host.clock.now(), against: theirs, "world_clock")
    }

    /// The first outside host that the channel's plugin declares.
    private static func provider(of channel: String, _ host: Host) -> (url: String, hosts: AllowedHosts)? {
        let plugin = host.plugins.active.first { $0.parts.channels.contains { $0.id == channel } }
        guard let declaration = plugin?.declaration, let outside = declaration.hosts.first else { return nil }
        let hosts = declaration.allowedHosts(host.settings)
        switch outside.address {
        case .host(let name): return ("https://\(name)/", hosts)
        case .setting(let key):
            guard let setting = host.settings.declaration(key), let address = WebAddress(host.settings.shown(setting))
            else { return nil }
            return (address.text + "/", hosts)
        }
    }
}
