import Core
import Database
import HTTP
import Store

/// `POST /admin/alerts/test`: tells a test alert by every route that is set up, and leads back to the settings, where
/// each route says how it went.
struct AlertsTest: Sendable {
    private let host: Host

    init(_ host: Host) { self.host = host }

    var routes: [Route] {
        [Route(.post, "/admin/alerts/test", .role(.manager), bodyLimit: 16 << 10) { _, context in try test(context) }]
    }

    private func test(_ context: Context) throws -> Response {
        let actor = try SignedIn(context).email
        let now = host.clock.now()
        try host.database.write { tx in
            try AuditTable.add(
                AuditEntry(id: ID.make(at: now), at: now, actor: actor, action: "alert.tested", subject: "alerts"),
                in: tx)
        }
        let (tone, word) =
            switch AlertTelling(host).test() {
            case true?: ("good", "notice.alert_tested")
            case false?: ("bad", "notice.alert_test_failed")
            case nil: ("warning", "notice.alert_no_route")
            }
        return Flash.redirect(to: "/admin/settings/alerts", tone, word, context)
    }
}
