import PluginKit
import Core
import Database
import Domain
import SQL
import Store
import Templating

/// How a route by which alerts are told stands, on the settings' tab of alerts.
struct AlertRouteRow: TemplateModel {
    var label: Word
    var pill: Pill
    var text: Word
    /// The peer's own words.
    var detail: String?
    var at: Timestamp?
    /// The message that tells it.
    var href: String?

    static let fields: [Field<Self>] = [
        .word("label") { $0.label }, .text("tone") { $0.pill.tone.rawValue }, .word("word") { $0.pill.word },
        .word("text") { $0.text }, .text("detail") { $0.detail }, .time("at") { $0.at },
        .flag("hasMessage") { $0.href != nil }, .text("href") { $0.href },
    ]

    static func all(_ host: Host) throws -> [AlertRouteRow] {
        try host.database.read { tx in
            let entries = Dictionary(
                try AlertRoutesTable.all(in: tx).map { ($0.route, $0) }, uniquingKeysWith: { first, _ in first })
            return try AlertTelling(host).routes.map { route in
                try row(of: route, entries[route.id], in: tx)
            }
        }
    }

    private static func row(
        of route: any AlertRoute, _ entry: AlertRoutesTable.Entry?, in tx: any ReadTransaction
    ) throws -> AlertRouteRow {
        var row = AlertRouteRow(
            label: Word("alert.route." + route.id), pill: Pill(.idle, "alert.route.off"),
            text: Word("alert.route.\(route.id).off"))
        guard route.isSetUp else { return row }
        guard let entry else {
            (row.pill, row.text) = (Pill(.idle, "alert.route.new"), Word("alert.route.not_used"))
            return row
        }
        if let error = entry.lastError {
            row.pill = Pill(.bad, "alert.route.failed")
            row.text = Word("alert.route.\(route.id).failed")
            row.detail = error
            row.at = entry.lastFailedAt
        } else {
            row.pill = Pill(.good, "alert.route.works")
            row.text = Word("alert.route.went")
            row.at = entry.lastWentAt
            if let message = try entry.lastMessage.flatMap({ try MessagesTable.find($0, in: tx) }) {
                row.pill = MessageWords.pill(message.status)
                row.text = MessageWords.meaning(message.status)
                row.href = "/admin/messages/\(message.id)"
            }
        }
        return row
    }
}
