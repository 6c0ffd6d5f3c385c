import Core
import SQL

/// What was found at the last look at the connected shop: one row, of one shop.
struct ShopRecord: Sendable, Equatable {
    /// The address that it was read from.
    var store: String
    var facts: ShopFacts
    /// Why the last look failed.
    var trouble: Trouble?
    var lookedAt: Timestamp
    /// The webhook that was made to hear a ping, and when.
    var pingedBy: String?
    var pingAskedAt: Timestamp?

    /// Of another shop nothing is known.
    static func find(store: String, in tx: any ReadTransaction) throws -> ShopRecord? {
        let row = try tx.first(
            "SELECT store, facts, trouble, looked_at, pinged_by, ping_asked_at FROM woocommerce_shop WHERE id = 1")
        guard let row, try row.text(0) == store else { return nil }
        return ShopRecord(
            store: store, facts: ShopFacts(stored: try row.text(1)), trouble: Trouble(stored: try row.text(2)),
            lookedAt: try row.time(3), pingedBy: try row.textOrNil(4), pingAskedAt: try row.timeOrNil(5))
    }

    /// Takes the place of what was known.
    func put(in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO woocommerce_shop (id, store, facts, trouble, looked_at, pinged_by, ping_asked_at)
            VALUES (1, \(store), \(facts.stored), \(trouble?.stored ?? ""), \(lookedAt), \(pingedBy), \(pingAskedAt))
            ON CONFLICT (id) DO UPDATE SET store = excluded.store, facts = excluded.facts, trouble = excluded.trouble,
                looked_at = excluded.looked_at, pinged_by = excluded.pinged_by, ping_asked_at = excluded.ping_asked_at
            """)
    }

    static func remove(in tx: any WriteTransaction) throws { try tx.run("DELETE FROM woocommerce_shop") }
}
