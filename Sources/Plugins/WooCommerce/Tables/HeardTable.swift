import Core
import SQL

/// When each of the shop's webhooks was heard of: by the ping that it sends when it is made, and by what it delivers.
enum HeardTable {
    struct Heard: Sendable, Equatable {
        var pingedAt: Timestamp?
        var deliveredAt: Timestamp?
    }

    /// Pings are unsigned: nobody may fill the table with them.
    private static let most = 200

    /// By the shop's id of the webhook.
    static func all(in tx: any ReadTransaction) throws -> [String: Heard] {
        let rows = try tx.rows("SELECT webhook, pinged_at, delivered_at FROM woocommerce_heard")
        return try rows.reduce(into: [:]) { heard, row in
            heard[try row.text(0)] = Heard(pingedAt: try row.timeOrNil(1), deliveredAt: try row.timeOrNil(2))
        }
    }

    static func pinged(_ webhook: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM woocommerce_heard WHERE delivered_at IS NULL AND pinged_at < \(now - .days(1))")
        guard try tx.count("SELECT count(*) FROM woocommerce_heard") < most else { return }
        try tx.run(
            """
            INSERT INTO woocommerce_heard (webhook, pinged_at) VALUES (\(webhook), \(now))
            ON CONFLICT (webhook) DO UPDATE SET pinged_at = excluded.pinged_at
            """)
    }

    static func delivered(_ webhook: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO woocommerce_heard (webhook, delivered_at) VALUES (\(webhook), \(now))
            ON CONFLICT (webhook) DO UPDATE SET delivered_at = excluded.delivered_at
            """)
    }

    static func removeAll(in tx: any WriteTransaction) throws { try tx.run("DELETE FROM woocommerce_heard") }
}
