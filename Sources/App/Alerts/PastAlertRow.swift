import Core
import Database
import Domain
import SQL
import Store
import Templating

/// An alert that is over, on the settings' tab of alerts.
struct PastAlertRow: TemplateModel {
    /// So many are shown.
    static let count = 10

    let text: String
    let openedAt: Timestamp
    let closedAt: Timestamp?

    static let fields: [Field<Self>] = [
        .text("text") { $0.text }, .time("opened") { $0.openedAt }, .time("closed") { $0.closedAt },
    ]

    /// The last closed first.
    static func all(_ host: Host, _ words: any TemplateWords) throws -> [PastAlertRow] {
        let text = AlertText(words, site: host.site)
        return try host.database.read { tx in try AlertsTable.lastClosed(limit: count, in: tx) }.map { alert in
            PastAlertRow(
                text: text.sentence(AlertNotice.Item(alert)), openedAt: alert.openedAt, closedAt: alert.closedAt)
        }
    }
}
