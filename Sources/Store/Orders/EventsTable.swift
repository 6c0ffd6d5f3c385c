package import Core
package import Domain
package import SQL

/// What happened to orders, waiting to become messages.
///
///     add ──▶ waiting ──claim──▶ (leased) ──close──▶ done
///                ▲                  │ ├──retry(at)──▶ waiting
///                └───lease ended────┘ └──fail──▶ failed
///
/// `close` stands in the transaction that plans the messages. A crash in between repeats the event; the messages'
/// intent keys make that harmless.
package enum EventsTable {
    /// An event in a worker's hands.
    package struct Claimed: Sendable, Equatable {
        package var event: OrderEvent
        /// How often it was begun, this time included.
        package var tries: Int
        package var claim: ID
    }

    package static func add(_ event: OrderEvent, in tx: any WriteTransaction) throws { try add([event], in: tx) }

    package static func add(_ events: [OrderEvent], in tx: any WriteTransaction) throws {
        _ = try tx.runAll(
            events.map { event in
                let (kind, detail, text) = event.kind.columns
                return """
                    INSERT INTO events (id, order_id, kind, detail, text, at, state, tries, due_at, lease_until)
                    VALUES (\(event.id), \(event.orderID), \(kind), \(detail), \(text), \(event.at), 'waiting', 0,
                        \(event.at), 0)
                    """
            })
    }

    /// Leases up to `limit` due events, the oldest first.
    package static func claim(
        limit: Int, lease: Timestamp.Span, now: Timestamp, in tx: any WriteTransaction
    ) throws -> [Claimed] {
        let claim = ID.make(at: now)
        return try tx.rows(
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM events
                WHERE state = 'waiting' AND due_at <= \(now) AND lease_until <= \(tx.engine.now)
                ORDER BY due_at, id LIMIT \(limit)\(tx.engine.skippingLocked)
            )
            UPDATE events
            SET claim = \(claim), lease_until = \(tx.engine.now) + \(lease.milliseconds), tries = tries + 1
            WHERE id IN (SELECT id FROM due)
            RETURNING id, order_id, kind, detail, text, at, tries
            """
        ).map { Claimed(event: try event($0), tries: try $0.int(6), claim: claim) }
            .sorted { $0.event.id < $1.event.id }
    }

    /// False when the lease was lost: another worker has it, and what this transaction planned must not stay.
    package static func close(_ claimed: Claimed, in tx: any WriteTransaction) throws -> Bool {
        try close([claimed], in: tx) == [true]
    }

    /// The same for many.
    package static func close(_ claimed: [Claimed], in tx: any WriteTransaction) throws -> [Bool] {
        try tx.runAll(
            claimed.map { "UPDATE events SET state = 'done', claim = NULL, lease_until = 0 WHERE \(isHeld($0))" }
        ).map { $0 > 0 }
    }

    package static func retry(
        _ claimed: Claimed, at due: Timestamp, error: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE events SET due_at = \(due), last_error = \(error), claim = NULL, lease_until = 0
            WHERE \(isHeld(claimed))
            """)
    }

    package static func fail(_ claimed: Claimed, error: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE events SET state = 'failed', last_error = \(error), claim = NULL, lease_until = 0
            WHERE \(isHeld(claimed))
            """)
    }

    /// When a worker has to look next; nil for never.
    package static func nextDue(in tx: any ReadTransaction) throws -> Timestamp? {
        try tx.first(
            """
            SELECT min(CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END) FROM events
            WHERE state = 'waiting'
            """
        )?.timeOrNil(0)
    }

    /// What happened to one order, the oldest first.
    package static func all(of order: ID, in tx: any ReadTransaction) throws -> [OrderEvent] {
        try tx.rows(
            "SELECT id, order_id, kind, detail, text, at FROM events WHERE order_id = \(order) ORDER BY id"
        ).map(event)
    }

    package static func removeEnded(before: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM events WHERE state <> 'waiting' AND at < \(before)")
    }

    /// SQLite, at start: the former process is dead, and so are its leases.
    package static func releaseAll(in tx: any WriteTransaction) throws {
        try tx.run("UPDATE events SET claim = NULL, lease_until = 0 WHERE state = 'waiting' AND lease_until > 0")
    }

    private static func isHeld(_ claimed: Claimed) -> Query {
        "id = \(claimed.event.id) AND state = 'waiting' AND claim = \(claimed.claim)"
    }

    private static func event(_ row: Row) throws -> OrderEvent {
        let kind = OrderEvent.Kind(
            column: try row.text(2), detail: try row.text(3), text: try row.textOrNil(4))
        guard let kind else { throw DatabaseError(kind: .unexpectedValue, message: "an event of unknown kind") }
        return OrderEvent(id: try row.id(0), orderID: try row.id(1), kind: kind, at: try row.time(5))
    }
}

extension OrderEvent.Kind {
    /// Its word, what it speaks of, and a note's text.
    fileprivate var columns: (kind: String, detail: String, text: String?) {
        switch self {
        case .placed: ("placed", "", nil)
        case .status(let status): ("status", status, nil)
        case .paid: ("paid", "", nil)
        case .shipped: ("shipped", "", nil)
        case .parcel(let number): ("shipped", number, nil)
        case .partialRefund(let refundID): ("partial_refund", refundID, nil)
        case .note(let noteID, let text): ("note", noteID, text)
        }
    }

    fileprivate init?(column: String, detail: String, text: String?) {
        switch column {
        case "placed": self = .placed
        case "status": self = .status(detail)
        case "paid": self = .paid
        case "shipped": self = detail.isEmpty ? .shipped : .parcel(number: detail)
        case "partial_refund": self = .partialRefund(refundID: detail)
        case "note": self = .note(noteID: detail, text: text ?? "")
        default: return nil
        }
    }
}
