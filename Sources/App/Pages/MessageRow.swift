import Core
import Domain
import PluginKit
import SQL
import Store
import Templating

/// A message in a list: `admin/parts/message-table`.
struct MessageRow: TemplateModel {
    var id: ID
    var person: String
    var phone: String
    var what: String
    /// Why it waits, will not go, or failed.
    var detail: String?
    var status: Pill
    var at: Timestamp

    static let fields: [Field<Self>] = [
        .id("id") { $0.id }, .text("person") { $0.person }, .text("phone") { $0.phone }, .text("what") { $0.what },
        .text("detail") { $0.detail }, .object("status", Pill.self) { $0.status }, .time("at") { $0.at },
    ]
}

/// Messages with the people and orders they are about, read together.
struct MessageListing: Sendable {
    let rows: [LedgerRow]
    let contacts: [ID: Contact]
    let orders: [ID: StoredOrder]

    init(_ rows: [LedgerRow], in tx: any ReadTransaction) throws {
        self.rows = rows
        contacts = try ContactsTable.all(Set(rows.map(\.contactID)), in: tx)
        let sources = rows.compactMap { $0.source.kind == .order ? $0.source.id : nil }
        orders = try OrdersTable.all(Set(sources), in: tx)
    }

    func list(_ words: any TemplateWords, _ display: PhoneDisplay) -> [MessageRow] {
        rows.map { row in
            let addressee = Addressee(row, contacts[row.contactID], display, words)
            return MessageRow(
                id: row.id, person: addressee.name, phone: addressee.phone,
                what: MessageSubject(words).text(row, order: row.source.id.flatMap { orders[$0] }),
                detail: Self.detail(row, words), status: MessageWords.pill(row.status), at: row.createdAt)
        }
    }

    static func detail(_ row: LedgerRow, _ words: any TemplateWords) -> String? {
        if row.status == .failed, let failure = row.failure {
            return words.text(MessageWords.failure(failure.failureClass))
        }
        return row.reason.map(TrailSentences(words).reason)
    }
}

/// Whom a message goes to, as the one who looks may see them.
struct Addressee {
    var name: String
    var phone: String

    init(_ row: LedgerRow, _ contact: Contact?, _ display: PhoneDisplay, _ words: any TemplateWords) {
        let phone = row.recipient ?? contact?.phone ?? contact?.bsuid
        name =
            contact.flatMap {
                display.name(first: $0.firstName, last: $0.lastName, phone: $0.phone, bsuid: $0.bsuid)
            } ?? phone.map(display.phone) ?? words.text("contact.no_name")
        self.phone = phone.map(display.phone) ?? ""
    }
}
