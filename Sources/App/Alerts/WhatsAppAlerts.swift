import Core
import Domain
import Messaging
import PluginKit

/// Alerts to the owner's own phone, as a test message of the ledger. Free text needs an open window on some channels:
/// whether it left, or why not, stands with the message. Never the only route: that sending is broken cannot be told
/// by sending.
struct WhatsAppAlerts: AlertRoute {
    let id = "whatsapp"
    let reachesOwnerAlone = false
    let needsWorker = true
    private let host: Host

    init(_ host: Host) { self.host = host }

    var isSetUp: Bool { !host.settings[AlertSettings.phone].isEmpty }

    func tell(_ notice: AlertNotice) throws(AlertRouteError) -> ID? {
        let text = AlertText(host.siteWords, site: host.site)
        let content = MessageContent(text: text.subject(notice) + "\n\n" + text.body(notice))
        do {
            return try MessagesPort(context: host.messaging)
                .planTest(to: host.settings[AlertSettings.phone], content: content)
        } catch {
            throw AlertRouteError(description: String(describing: error), isFinal: false)
        }
    }
}
