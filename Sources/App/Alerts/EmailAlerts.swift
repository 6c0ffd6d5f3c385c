import Domain
import Core
import HTTP

/// Alerts by e-mail, through the owner's own mail server.
struct EmailAlerts: AlertRoute {
    let id = "email"
    let reachesOwnerAlone = true
    private let host: Host

    init(_ host: Host) { self.host = host }

    var isSetUp: Bool {
        !host.settings[AlertSettings.emails].isEmpty && host.settings[AlertSettings.mailServer] != nil
    }

    func tell(_ notice: AlertNotice) throws(AlertRouteError) -> ID? {
        let to = host.settings[AlertSettings.emails].compactMap { MailAddress($0) }
        guard let server = host.settings[AlertSettings.mailServer], let first = to.first else {
            throw AlertRouteError(description: "no mail server or address", isFinal: true)
        }
        let text = AlertText(host.siteWords, site: host.site)
        let from = MailAddress(host.settings[AlertSettings.from]) ?? server.user.flatMap { MailAddress($0) } ?? first
        let message = MailMessage(
            from: from, sender: host.site.name, to: to, subject: text.subject(notice), text: text.body(notice),
            at: host.clock.now(), id: "alert-\(notice.id)")
        do throws(MailError) {
            try host.mail.send(message, through: server)
        } catch {
            throw AlertRouteError(description: error.description, isFinal: error.isFinal)
        }
        return nil
    }
}
