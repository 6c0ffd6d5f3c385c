import Domain
import Messaging
import Core
import HTTP
import Text

/// Alerts as a JSON POST to an address that the owner names; docs/self-hosting.md fixes its shape.
struct WebhookAlerts: AlertRoute {
    let id = "webhook"
    let reachesOwnerAlone = false
    private let host: Host

    init(_ host: Host) { self.host = host }

    var isSetUp: Bool { !host.settings[AlertSettings.webhook].isEmpty }

    func tell(_ notice: AlertNotice) throws(AlertRouteError) -> ID? {
        let url = host.settings[AlertSettings.webhook]
        guard let address = WebAddress(url) else {
            throw AlertRouteError(description: "no address", isFinal: true)
        }
        // The owner named this host, so it may be in the own network; a redirect is an answer like any other.
        let request = OutboundRequest(
            .post, url, headers: ["Content-Type": "application/json"], body: body(notice),
            hosts: AllowedHosts(namedByAdmin: [address.host]), repeatable: true, maxResponseBytes: 64 << 10)
        let status: Int
        do throws(HTTPClientError) {
            status = try host.messaging.client.send(request).status
        } catch {
            throw AlertRouteError(description: error.message, isFinal: false)
        }
        guard (200..<300).contains(status) else {
            let isFinal = (300..<500).contains(status) && status != 408 && status != 429
            throw AlertRouteError(description: "HTTP \(status)", isFinal: isFinal)
        }
        return nil
    }

    private func body(_ notice: AlertNotice) -> [UInt8] {
        let text = AlertText(host.siteWords, site: host.site)
        let site = host.site
        return JSONWriter.object { json in
            json.field("id", notice.id)
            json.field("event", "alerts")
            json.field("at", notice.at)
            json.field("test", notice.isTest)
            json.object("site") { json in
                json.field("name", site.name)
                json.field("url", site.publicURL)
            }
            json.array("alerts") { json in
                for item in notice.items {
                    json.object { json in
                        json.field("id", item.id)
                        json.field("state", item.state.rawValue)
                        json.field("severity", item.severity)
                        json.field("text", text.sentence(item))
                        json.field("url", site.publicURL + item.href)
                        json.field("opened_at", item.openedAt)
                        json.field("closed_at", item.closedAt)
                    }
                }
            }
        }
    }
}
