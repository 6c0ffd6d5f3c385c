import Core
import SQL

/// How far one resource of a shop was asked for.
///
/// The cursor is a time of the shop's, for the clocks of two machines are never the same. An order may be written a
/// while after the time that it bears, so each turn looks a little behind the cursor, until a turn that began long
/// enough after the cursor last moved has found nothing there.
///
///     fresh ──move──▶ walking ──finish──▶ fresh ──finish, nothing for a while──▶ settled ──move──▶ walking
struct PollCursor: Sendable, Equatable {
    /// How much later than its time of change an order may appear.
    static let overlap = Timestamp.Span.minutes(2)

    enum Stage: String, Sendable {
        /// In the middle of a turn: one that was cut off goes on at the cursor.
        case walking
        /// Something may still appear a little behind the cursor.
        case fresh
        /// Nothing can appear behind the cursor any more.
        case settled
    }

    /// Where the first turn began.
    var since: Timestamp
    /// All that changed up to this second of the shop's is known.
    var time: Timestamp
    /// When it last moved, by our own clock: only lengths are measured with it.
    var movedAt: Timestamp
    var stage: Stage

    /// Ask for what changed later than this.
    var start: Timestamp { stage == .fresh ? time - Self.overlap : time }

    /// Never beyond now: an order that bears a time to come, by a wrong clock or an import, would hide all that
    /// changes until then. What lies ahead is read again each time, and changes nothing.
    mutating func move(to time: Timestamp, at now: Timestamp) {
        let time = min(time, now.wholeSecond)
        guard time > self.time else { return }
        self.time = time
        movedAt = now
        stage = .walking
    }

    /// After a whole turn.
    /// - Parameter former: how the cursor stood when it began.
    mutating func finish(turnBegan: Timestamp, from former: PollCursor) {
        let sawNothingBehind = former.stage != .walking && turnBegan - movedAt >= Self.overlap
        stage = sawNothingBehind ? .settled : .fresh
    }
}

enum PollCursorTable {
    static func find(store: String, _ resource: String, in tx: any ReadTransaction) throws -> PollCursor? {
        try tx.first(
            """
            SELECT since, cursor, moved_at, stage FROM woocommerce_polls
            WHERE store = \(store) AND resource = \(resource)
            """
        ).map { row in
            PollCursor(
                since: try row.time(0), time: try row.time(1), movedAt: try row.time(2),
                stage: PollCursor.Stage(rawValue: try row.text(3)) ?? .fresh)
        }
    }

    static func put(
        _ cursor: PollCursor, store: String, _ resource: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO woocommerce_polls (store, resource, since, cursor, moved_at, stage)
            VALUES (\(store), \(resource), \(cursor.since), \(cursor.time), \(cursor.movedAt),
                \(cursor.stage.rawValue))
            ON CONFLICT (store, resource) DO UPDATE SET cursor = excluded.cursor, moved_at = excluded.moved_at,
                stage = excluded.stage
            """)
    }
}
