import Core
import Database
import Domain
import SQL
import Store

/// A ledger of many messages, the same each time but for its ids: a hundredth as many people, who were written to over a
/// year. Most of it was read, as in a shop's life; nothing waits.
struct Ledger {
    private static let batch = 10_000
    private static let statuses = ["read", "read", "read", "delivered", "sent", "accepted", "failed", "suppressed"]

    let count: Int
    let now: Timestamp

    func fill(_ database: Database) throws {
        let people = try addPeople(to: database)
        for first in stride(from: 0, to: count, by: Self.batch) {
            try database.write { tx in
                try tx.runAll(
                    (first..<min(first + Self.batch, count)).map { row($0, to: people[$0 % people.count]) })
            }
        }
    }

    private func addPeople(to database: Database) throws -> [ID] {
        try database.write { tx in
            try (0..<max(1, count / 100)).map { number in
                let contact = Contact(id: ID.make(at: now), phone: "+1202\(5_000_000 + number)", createdAt: now)
                guard case .done(let added) = try ContactsTable.add(contact, in: tx) else { return contact.id }
                return added.id
            }
        }
    }

    private func row(_ number: Int, to person: ID) -> Query {
        let at = now - .minutes(Int64(number % 525_600))
        let status = Self.statuses[number % Self.statuses.count]
        return """
            INSERT INTO messages
                (id, intent_key, purpose, class, contact_id, channel, text, source_kind, status, possible_duplicate,
                 first_due_at, due_at, created_at, updated_at)
            VALUES
                (\(ID.make(at: now)), \("order:bench:\(number):processing:1"), 'orders', 0, \(person), 'sandbox',
                 'Thank you for your order.', 'order', \(status), \(false), \(at), \(at), \(at), \(at))
            """
    }
}
