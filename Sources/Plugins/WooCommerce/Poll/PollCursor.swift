import Core
import SQL

/// How far one resource of a shop was asked for.
///
/// The cursor is a time of the shop's, for the clocks of two machines are never the same. An order may be written a
/// while after the time that it bears, so each turn looks a little behind the cursor, until a turn that began long
/// enough after the cursor last moved has found nothing there.
struct PollCursor: Sendable, Equatable {
    /// How much later than its time of change an order may appear.
    static let overlap = Timestamp.Span.minutes(2)

    /// Where the first turn began.
    var since: Timestamp
    /// All that changed up to this second of the shop's is known.
    var time: Timestamp
    /// When it last moved, by our own clock: only lengths are measured with it.
    var movedAt: Timestamp
    /// Nothing can appear behind the cursor any more.
    var isSettled: Bool

    /// Ask for what changed later than this.
    var start: Timestamp { isSettled ? time : time - Self.overlap }

    mutating func move(to time: Timestamp, at now: Timestamp) {
        guard time > self.time else { return }
        self.time = time
        movedAt = now
        isSettled = false
    }

    /// After a whole turn.
    mutating func settle(turnBegan: Timestamp) {
        if turnBegan - movedAt >= Self.overlap { isSettled = true }
    }
}

enum PollCursorTable {
    static func find(store: String, _ resource: String, in tx: any ReadTransaction) throws -> PollCursor? {
        try tx.first(
            """
            SELECT since, cursor, moved_at, is_settled FROM woocommerce_polls
            WHERE store = \(store) AND resource = \(resource)
            """
        ).map { row in
            PollCursor(
                since: try row.time(0), time: try row.time(1), movedAt: try row.time(2),
                isSettled: try row.int(3) != 0)
        }
    }

    static func put(
        _ cursor: PollCursor, store: String, _ resource: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO woocommerce_polls (store, resource, since, cursor, moved_at, is_settled)
            VALUES (\(store), \(resource), \(cursor.since), \(cursor.time), \(cursor.movedAt),
                \(cursor.isSettled ? 1 : 0))
            ON CONFLICT (store, resource) DO UPDATE SET cursor = excluded.cursor, moved_at = excluded.moved_at,
                is_settled = excluded.is_settled
            """)
    }
}
