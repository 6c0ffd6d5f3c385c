import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store

/// Puts one message that a client asks for into the ledger.
struct MessagePlanning: Sendable {
    private let host: Host
    private let prepared: [Planner.Prepared]

    /// Finds or adds the person and runs the plugins' filters, outside of the transaction that plans.
    /// - Throws: `Refusal` 409 when a plugin drops the message.
    init(_ host: Host, _ form: MessageForm, intentKey: String) throws {
        let now = host.clock.now()
        let contact = try host.database.write { tx in
            try ContactsTable.reach(
                PersonKey(phone: form.to), details: ContactDetails(phoneRaw: form.toRaw), weight: .fillsGaps, at: now,
                in: tx
            ).id
        }
        let draft = MessageDraft(
            intentKey: intentKey, purpose: form.purpose, contactID: contact, content: form.content,
            source: MessageSource(kind: .api))
        prepared = host.planner.prepare([draft])
        self.host = host
        if prepared.isEmpty { throw Refusal(409, "A plugin dropped the message.") }
    }

    /// - Returns: nil when another message stands under the intent key.
    func plan(in tx: any WriteTransaction) throws -> MessageJSON.Addressed? {
        let planned = try host.planner.plan(prepared, in: tx)
        guard let id = planned.first?.id, let row = try MessagesTable.find(id, in: tx),
            let draft = prepared.first?.draft, row.contactID == draft.contactID, row.content == draft.content
        else { return nil }
        tx.afterCommit { [host, prepared] in
            host.planner.announce(prepared, planned)
            host.messaging.wake(.messages)
        }
        return try MessageJSON.Addressed(row, in: tx)
    }
}
