import Core
import SQL
import Text

/// An order whose notes may be looked at: one that the shop named when it was asked.
struct WatchedOrder: Sendable, Equatable {
    var id: String
    /// The shop's time.
    var changedAt: Timestamp
    var isFinished: Bool

    /// Nil for what is no order, or none any more.
    init?(_ row: JSON) {
        guard let id = row["id"].stringOrNumber, let status = row["status"].string,
            let changed = row["date_modified_gmt"].string.flatMap({ Timestamp(rfc3339: $0) }),
            !OrderPayload.isDraft(row), status != "trash"
        else { return nil }
        self.id = id
        changedAt = changed
        isFinished = ["completed", "cancelled", "refunded", "failed"].contains(status)
    }
}

/// Which orders' notes are looked at, and which notes are known.
enum WatchTable {
    /// Orders that changed longer ago are left alone.
    static let watch = Timestamp.Span.days(14)

    static func saw(_ order: WatchedOrder, store: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO woocommerce_watched (store, order_id, changed_at, seen_at, is_finished, read_at)
            VALUES (\(store), \(order.id), \(order.changedAt), \(now), \(order.isFinished ? 1 : 0), 0)
            ON CONFLICT (store, order_id) DO UPDATE
            SET changed_at = excluded.changed_at, seen_at = excluded.seen_at, is_finished = excluded.is_finished
            WHERE woocommerce_watched.changed_at <> excluded.changed_at
            """)
    }

    /// Those to look at next, the longest unseen first. One that is finished gets a last look.
    static func next(_ limit: Int, store: String, at now: Timestamp, in tx: any ReadTransaction) throws -> [String] {
        try tx.rows(
            """
            SELECT order_id FROM woocommerce_watched
            WHERE store = \(store) AND changed_at > \(now - watch) AND (is_finished = 0 OR read_at < seen_at)
            ORDER BY read_at, order_id LIMIT \(limit)
            """
        ).map { try $0.text(0) }
    }

    static func looked(at order: String, store: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE woocommerce_watched SET read_at = \(now) WHERE store = \(store) AND order_id = \(order)
            """)
    }

    static func forget(_ order: String, store: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM woocommerce_watched WHERE store = \(store) AND order_id = \(order)")
    }

    // MARK: Notes

    static func knownNotes(of order: String, store: String, in tx: any ReadTransaction) throws -> Set<String> {
        Set(
            try tx.rows(
                "SELECT note_id FROM woocommerce_notes WHERE store = \(store) AND order_id = \(order)"
            ).map { try $0.text(0) })
    }

    static func remember(
        note: String, of order: String, store: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO woocommerce_notes (store, order_id, note_id, seen_at)
            VALUES (\(store), \(order), \(note), \(now))
            ON CONFLICT (store, order_id, note_id) DO NOTHING
            """)
    }

    /// - Parameter notesBefore: a note first seen earlier is too old to be sent, should it be read once more.
    static func clean(
        at now: Timestamp, notesBefore: Timestamp, store: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            "DELETE FROM woocommerce_watched WHERE store <> \(store) OR changed_at <= \(now - watch)")
        try tx.run("DELETE FROM woocommerce_notes WHERE store <> \(store) OR seen_at < \(notesBefore)")
    }

    // MARK: Being told

    /// When an action's webhook last said that there is a note.
    static func toldAt(store: String, in tx: any ReadTransaction) throws -> Timestamp? {
        try tx.first("SELECT note_told_at FROM woocommerce_poll_turns WHERE store = \(store)")?.timeOrNil(0)
    }

    static func told(store: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO woocommerce_poll_turns (store, found, failures, note_told_at)
            VALUES (\(store), 0, 0, \(now))
            ON CONFLICT (store) DO UPDATE SET note_told_at = excluded.note_told_at
            """)
    }
}
