package import Core
import Database
package import Domain
import PluginKit
package import SQL
package import Store

/// Takes grants and withdrawals, from wherever they come: puts them on record and acts on the person's messages in
/// the same transaction.
package struct ConsentDesk: Sendable {
    private let context: MessagingContext

    package init(_ context: MessagingContext) { self.context = context }

    /// Records in the caller's transaction; call `announce` after its commit.
    @discardableResult package func record(
        _ said: ConsentStatement, by contact: Contact, in tx: any WriteTransaction
    ) throws -> Consents.Recorded {
        let now = context.clock.now()
        let recorded = try Consents(keys: context.keys).record(said, by: contact, at: now, in: tx)
        try act(on: recorded, of: contact.id, in: tx)
        return recorded
    }

    /// Does to the person's messages what follows from a word that is on record.
    package func act(on recorded: Consents.Recorded, of contact: ID, in tx: any WriteTransaction) throws {
        guard recorded.isInForce else { return }
        let now = context.clock.now()
        let purpose = recorded.record.purpose
        switch recorded.record.kind {
        case .grant: try LedgerUpkeep.consentGranted(contact: contact, purpose: purpose, at: now, in: tx)
        case .withdraw:
            let stopped = try LedgerUpkeep.consentWithdrawn(
                contact: contact, purpose: purpose, reason: PolicyReason.consentWithdrawn.rawValue, at: now, in: tx)
            context.announceStopped(stopped, after: tx)
        case .shorten, .erase: break
        }
    }

    /// Records on its own.
    /// - Returns: nil when there is no such contact.
    package func record(_ said: [ConsentStatement], by contact: ID) throws -> [Consents.Recorded]? {
        let recorded = try context.database.write { tx -> [Consents.Recorded]? in
            guard let contact = try ContactsTable.find(contact, in: tx) else { return nil }
            return try said.map { try record($0, by: contact, in: tx) }
        }
        if recorded != nil { announce(said, by: contact) }
        return recorded
    }

    /// Tells the hooks, and wakes the dispatcher: waiting messages may be due now.
    package func announce(_ said: [ConsentStatement], by contact: ID) {
        for statement in said {
            context.hooks.fire(Hooks.consentChanged, ConsentHappening(contactID: contact, statement: statement))
        }
        context.wake(.messages)
    }
}
