import Core
import SQL

/// What we made in the shop, so that it can be found again and taken away.
struct Made: Sendable, Equatable {
    enum Kind: String, Sendable {
        case webhook, coupon
    }

    var kind: Kind
    /// The shop's id of it.
    var externalID: String
    /// A webhook's topic, a coupon's code.
    var label: String
    /// As the shop said at the last look: `active`, `paused`, `disabled`.
    var state: String
    var madeAt: Timestamp
    /// When it was last switched on again.
    var mendedAt: Timestamp?
}

enum MadeTable {
    /// In the order in which they were made.
    static func all(_ kind: Made.Kind, in tx: any ReadTransaction) throws -> [Made] {
        try tx.rows(
            """
            SELECT external_id, label, state, made_at, mended_at FROM woocommerce_made WHERE kind = \(kind.rawValue)
            ORDER BY made_at, external_id
            """
        ).map { row in
            Made(
                kind: kind, externalID: try row.text(0), label: try row.text(1), state: try row.text(2),
                madeAt: try row.time(3), mendedAt: try row.timeOrNil(4))
        }
    }

    static func put(_ made: Made, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO woocommerce_made (kind, external_id, label, state, made_at, mended_at)
            VALUES (\(made.kind.rawValue), \(made.externalID), \(made.label), \(made.state), \(made.madeAt),
                \(made.mendedAt))
            ON CONFLICT (kind, external_id) DO UPDATE SET label = excluded.label, state = excluded.state,
                mended_at = excluded.mended_at
            """)
    }

    static func remove(_ kind: Made.Kind, _ externalID: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM woocommerce_made WHERE kind = \(kind.rawValue) AND external_id = \(externalID)")
    }
}
