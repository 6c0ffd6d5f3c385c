import Core
import Database
import Domain
import Messaging
import PluginKit
import Store
import Text

/// Contacts as plugins reach them.
struct ContactsPort: Contacts {
    let context: MessagingContext

    func find(_ id: ID) throws -> ContactRef? {
        try context.database.read { tx in try ContactsTable.find(id, in: tx)?.ref }
    }

    func find(phone: String) throws -> ContactRef? {
        try context.database.read { tx in try ContactsTable.find(phone: phone, in: tx)?.ref }
    }

    func consents(of id: ID) throws -> [Purpose: ConsentState] {
        try context.database.read { tx in try ConsentStatesTable.all(of: id, in: tx).mapValues(\.state) }
    }

    func readPhone(_ raw: String, countries: [String]) -> Result<String, PhoneUnreadable> {
        PhoneNumber.read(raw, countries: countries + [context.site().country])
            .map(\.e164).mapError { PhoneUnreadable($0.id) }
    }
}

/// What comes back from people and providers outside of webhooks: the sandbox phone speaks through this.
struct ReceiptsPort: Receipts {
    let applier: EffectApplier

    func status(_ update: StatusUpdate) throws { try applier.apply(.status(update)) }
    func received(_ message: InboundMessage) throws { try applier.apply(.received(message)) }
}
