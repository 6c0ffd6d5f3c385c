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
    init(_ host: Host, _ form: MessageForm, under intent: APIIntent) throws {
        let now = host.clock.now()
        let (contact, key) = try host.database.write { tx in
            let contact = try ContactsTable.reach(
                PersonKey(phone: form.to), details: ContactDetails(phoneRaw: form.toRaw), weight: .fillsGaps, at: now,
                in: tx)
            return (contact.id, try intent.key(in: tx))
        }
        let draft = MessageDraft(
            intentKey: key, purpose: form.purpose, contactID: contact, content: form.content, source: intent.source)
        prepared = host.planner.prepare([draft])
        self.host = host
        if prepared.isEmpty { throw Refusal(409, "A plugin dropped the message.") }
    }

    /// - Returns: nil when another message stands under the intent key.
    func plan(in tx: any WriteTransaction) throws -> MessageJSON.Addressed? {
        let planned = try host.planner.plan(prepared, in: tx)
        guard let id = planned.first?.id, let row = try MessagesTable.find(id, in: tx),
            let draft = prepared.first?.draft, row.contactID == draft.contactID, row.content == draft.content,
            row.source == draft.source, row.forerunner == nil
        else { return nil }
        tx.afterCommit { [host, prepared] in
            host.planner.announce(prepared, planned)
            host.messaging.wake(.messages)
        }
        return try MessageJSON.Addressed(row, in: tx)
    }
}
