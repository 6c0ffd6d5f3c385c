package import Core
import Crypto
package import Domain
package import SQL

/// Forgets a shop that was only played with: its orders, their messages, and the people whom only these orders made
/// known. Work for steps of a few orders each, until one finds nothing more.
package struct ShopRemoval: Sendable {
    /// What one step took away.
    package struct Gone: Sendable, Equatable {
        package var orders = 0
        package var messages: [ID] = []
        package var people: [ContactRef] = []

        package init() {}
    }

    private let keys: HostKeys

    package init(keys: HostKeys) { self.keys = keys }

    package func step(
        _ shop: String, limit: Int, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Gone {
        for table: Query in ["pending_consents", "products", "coupons", "contact_accounts"] {
            try tx.run("DELETE FROM \(table) WHERE shop = \(shop)")
        }
        // The latest first: the order that made a person known is the last of theirs to go.
        let orders = try tx.rows(
            """
            SELECT id, contact_id, first_seen_at FROM orders WHERE shop = \(shop) ORDER BY id DESC LIMIT \(limit)
            """
        ).map { (id: try $0.id(0), person: try $0.idOrNil(1), seenAt: try $0.time(2)) }
        var gone = Gone()
        gone.orders = orders.count
        gone.messages = try MessagesTable.removeAll(of: .order, orders.map(\.id), in: tx)
        for order in orders {
            try tx.run("DELETE FROM orders WHERE id = \(order.id)")
            guard let person = order.person, let contact = try ContactsTable.find(person, in: tx),
                contact.createdAt == order.seenAt, try !isKnownOtherwise(contact, in: tx)
            else { continue }
            try forget(contact, at: now, in: tx)
            gone.people.append(contact.ref)
        }
        return gone
    }

    /// Whether anything but the shop's orders speaks of the person: another order, a message, a consent that
    /// somebody brought in, what an admin or an import noted.
    private func isKnownOtherwise(_ contact: Contact, in tx: any ReadTransaction) throws -> Bool {
        guard contact.tags.isEmpty, contact.custom.isEmpty, contact.mergedInto == nil else { return true }
        let traces: [Query] = [
            "SELECT 1 FROM orders WHERE contact_id = \(contact.id) LIMIT 1",
            "SELECT 1 FROM messages WHERE contact_id = \(contact.id) LIMIT 1",
            "SELECT 1 FROM contacts WHERE merged_into = \(contact.id) LIMIT 1",
            """
            SELECT 1 FROM consents
            WHERE contact_id = \(contact.id) AND (actor IS NOT NULL OR source IN ('api', 'import', 'admin')) LIMIT 1
            """,
        ]
        return try traces.contains { try tx.first($0) != nil }
    }

    /// What the person withdrew stays withdrawn, as a keyed hash; the consents stay as evidence of nobody.
    private func forget(_ contact: Contact, at now: Timestamp, in tx: any WriteTransaction) throws {
        try Suppressions(keys: keys).keepWithdrawals(of: contact, at: now, in: tx)
        let consents = Consents(keys: keys)
        for record in try ConsentsTable.all(of: contact.id, in: tx) where record.kind != .erase {
            try consents.erase(ConsentDetail.allCases, of: record, at: now, in: tx)
        }
        try tx.run("DELETE FROM inbound_messages WHERE contact_id = \(contact.id)")
        try tx.run("DELETE FROM conversation_windows WHERE contact_id = \(contact.id)")
        _ = try ContactsTable.delete(contact.id, in: tx)
    }
}
