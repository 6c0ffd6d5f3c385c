import Core
import SQL

extension Migration {
    /// The numbers that the shop gave to its orders, with our ids of them.
    static let demoOrders = Migration(
        1, "orders",
        common: [
            """
            CREATE TABLE demoshop_orders (
                number INTEGER PRIMARY KEY,
                attempt_hash TEXT NOT NULL UNIQUE,
                order_id INTEGER,
                placed_at INTEGER NOT NULL
            ) STRICT
            """
        ])
}

/// The shop's book of orders. What they hold stands with the host's orders.
enum DemoOrdersTable {
    struct Entry: Sendable, Equatable {
        var number: Int
        var placedAt: Timestamp
    }

    /// The number of this attempt to order; given at the first time, the same ever after.
    static func entry(attemptHash: String, at now: Timestamp, in tx: any WriteTransaction) throws -> Entry {
        let known = try tx.first("SELECT number, placed_at FROM demoshop_orders WHERE attempt_hash = \(attemptHash)")
        if let known { return Entry(number: try known.int(0), placedAt: try known.time(1)) }
        let last = try tx.first("SELECT max(number) FROM demoshop_orders")?.integerOrNil(0) ?? 1000
        try tx.run(
            """
            INSERT INTO demoshop_orders (number, attempt_hash, placed_at)
            VALUES (\(last + 1), \(attemptHash), \(now))
            """)
        return Entry(number: Int(last) + 1, placedAt: now)
    }

    static func bind(_ number: Int, to order: ID, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE demoshop_orders SET order_id = \(order) WHERE number = \(number)")
    }

    static func order(numbered number: Int, in tx: any ReadTransaction) throws -> ID? {
        try tx.first("SELECT order_id FROM demoshop_orders WHERE number = \(number)")?.idOrNil(0)
    }

    /// The latest first.
    static func latest(_ limit: Int, in tx: any ReadTransaction) throws -> [ID] {
        try tx.rows(
            """
            SELECT order_id FROM demoshop_orders WHERE order_id IS NOT NULL
            ORDER BY number DESC LIMIT \(limit)
            """
        ).map { try $0.id(0) }
    }

    static func removeAll(in tx: any WriteTransaction) throws { try tx.run("DELETE FROM demoshop_orders") }
}
