package import Core
package import SQL

/// Calls to webhook endpoints that were refused: only how many, why, and when last.
package enum RefusalsTable {
    package struct Entry: Sendable, Equatable {
        package var endpoint: String
        /// `signature`, `size`, …: a word of the catalogue.
        package var reason: String
        package var count: Int
        package var lastAt: Timestamp
    }

    package static func add(
        endpoint: String, reason: String, count: Int = 1, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO delivery_refusals (endpoint, reason, count, last_at)
            VALUES (\(endpoint), \(reason), \(count), \(now))
            ON CONFLICT (endpoint, reason) DO UPDATE
            SET count = delivery_refusals.count + excluded.count, last_at = excluded.last_at
            """)
    }

    package static func all(in tx: any ReadTransaction) throws -> [Entry] {
        try tx.rows(
            "SELECT endpoint, reason, count, last_at FROM delivery_refusals ORDER BY endpoint, reason"
        ).map {
            Entry(endpoint: try $0.text(0), reason: try $0.text(1), count: try $0.int(2), lastAt: try $0.time(3))
        }
    }
}
