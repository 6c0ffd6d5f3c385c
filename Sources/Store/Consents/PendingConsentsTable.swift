package import Core
import Crypto
package import Domain
package import SQL

/// Consents that name only an order which the shop has not told us of yet. They wait 7 days, and are bound when the
/// order comes and knows the same secret word.
package enum PendingConsentsTable {
    package static let life = Timestamp.Span.days(7)

    package static func hold(
        _ said: [ConsentStatement], shop: String, orderID: String, key: String, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws {
        for statement in said {
            try tx.run(
                """
                INSERT INTO pending_consents (id, shop, order_external_id, order_key, statement, created_at, expires_at)
                VALUES (\(ID.make(at: now)), \(shop), \(orderID), \(key), \(ConsentStatementText.write(statement)),
                    \(now), \(now + life))
                """)
        }
    }

    /// What was said for this order, in the order in which it was said; taken out of the table. Rows with another
    /// word stay where they are: they prove nothing, and a guess must not remove what the customer said.
    package static func take(
        for order: Order, now: Timestamp, in tx: any WriteTransaction
    ) throws -> [ConsentStatement] {
        guard let key = order.key, !key.isEmpty else { return [] }
        let rows = try tx.rows(
            """
            SELECT id, order_key, statement FROM pending_consents
            WHERE shop = \(order.shop) AND order_external_id = \(order.externalID) AND expires_at > \(now)
            ORDER BY id
            """)
        var said: [ConsentStatement] = []
        for row in rows where ConstantTime.equal(try row.text(1), key) {
            said.append(try ConsentStatementText.read(row.text(2)))
            try tx.run("DELETE FROM pending_consents WHERE id = \(try row.id(0))")
        }
        return said
    }

    package static func removeExpired(by now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM pending_consents WHERE expires_at <= \(now)")
    }
}
