package import Core
import Crypto
package import Domain
package import SQL
import Text

/// Webhooks as they came in. Stored before they are answered, worked afterwards.
///
///     store ──▶ waiting ──claim──▶ (leased) ──finish──▶ worked · kept · unreadable ──replay──▶ waiting
///                  ▲                  │ └──retry(at)──▶ waiting
///                  └───lease ended────┘
///
/// Of one lane only the oldest waiting delivery can be claimed: what an order tells is worked one at a time, in the
/// order of arrival.
package enum DeliveriesTable {
    /// How long a body that was seen is known again.
    package static let memory = Timestamp.Span.days(8)

    private static let columns: Query = "d.id, d.endpoint, d.topic, d.received_at, d.body, d.lane, d.state, d.note"

    /// A delivery in a worker's hands.
    package struct Claimed: Sendable, Equatable {
        package var delivery: Delivery
        /// How often it was begun, this time included.
        package var tries: Int
        package var claim: ID
    }

    /// - Parameter state: other than waiting for what was looked at before it was stored; `note` says what came of it.
    /// - Returns: nil when the same topic and bytes came to this endpoint within the last 8 days.
    package static func store(
        endpoint: String, topic: String, headers: [(String, String)], body: [UInt8], lane: String?,
        state: Delivery.State = .waiting, note: String? = nil, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> ID? {
        let hash = SHA256.hash(Array("\(endpoint)\n\(topic)\n".utf8) + body)
        let isNew = try tx.run(
            """
            INSERT INTO delivery_hashes (body_hash, received_at) VALUES (\(hash), \(now))
            ON CONFLICT (body_hash) DO UPDATE SET received_at = excluded.received_at
            WHERE delivery_hashes.received_at <= \(now - memory)
            """)
        if isNew == 0 { return nil }
        let id = ID.make(at: now)
        try tx.run(
            """
            INSERT INTO deliveries (id, endpoint, topic, headers, body, received_at, lane, state, note, tries, due_at,
                lease_until)
            VALUES (\(id), \(endpoint), \(topic), \(headersText(headers)), \(body), \(now), \(lane),
                \(state.rawValue), \(note), 0, \(now), 0)
            """)
        return id
    }

    /// Leases up to `limit` due deliveries, the oldest first and at most one of each lane.
    package static func claim(
        limit: Int, lease: Timestamp.Span, now: Timestamp, in tx: any WriteTransaction
    ) throws -> [Claimed] {
        let claim = ID.make(at: now)
        return try tx.rows(
            """
            WITH due AS MATERIALIZED (
                SELECT w.id FROM deliveries w
                WHERE w.state = 'waiting' AND w.due_at <= \(now) AND w.lease_until <= \(tx.engine.now)
                    AND NOT EXISTS (SELECT 1 FROM deliveries e
                        WHERE e.state = 'waiting' AND e.lane = w.lane AND e.id < w.id)
                ORDER BY w.due_at, w.id LIMIT \(limit)\(tx.engine.skippingLocked)
            )
            UPDATE deliveries AS d
            SET claim = \(claim), lease_until = \(tx.engine.now) + \(lease.milliseconds), tries = tries + 1
            WHERE d.id IN (SELECT id FROM due)
            RETURNING id, endpoint, topic, received_at, body, lane, state, note, tries
            """
        ).map { Claimed(delivery: try delivery($0), tries: try $0.int(8), claim: claim) }
            .sorted { $0.delivery.id < $1.delivery.id }
    }

    /// False when the lease was lost: what this transaction did must not stay.
    package static func finish(
        _ claimed: Claimed, as state: Delivery.State, note: String?, in tx: any WriteTransaction
    ) throws -> Bool {
        try finish([claimed], as: state, note: note, in: tx) == [true]
    }

    /// The same for many.
    package static func finish(
        _ claimed: [Claimed], as state: Delivery.State, note: String?, in tx: any WriteTransaction
    ) throws -> [Bool] {
        try tx.runAll(
            claimed.map {
                """
                UPDATE deliveries SET state = \(state.rawValue), note = \(note), claim = NULL, lease_until = 0
                WHERE \(isHeld($0))
                """
            }
        ).map { $0 > 0 }
    }

    package static func retry(
        _ claimed: Claimed, at due: Timestamp, note: String, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE deliveries SET due_at = \(due), note = \(note), claim = NULL, lease_until = 0
            WHERE \(isHeld(claimed))
            """)
    }

    /// Has it worked once more, as if it had just come. False while it is waiting anyway.
    package static func replay(_ id: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            """
            UPDATE deliveries SET state = 'waiting', note = NULL, due_at = \(now), tries = 0
            WHERE id = \(id) AND state <> 'waiting'
            """) > 0
    }

    /// When a worker has to look next; nil for never. What stands behind another in its lane is not due before that
    /// one is done.
    package static func nextDue(in tx: any ReadTransaction) throws -> Timestamp? {
        try tx.first(
            """
            SELECT min(CASE WHEN w.lease_until > w.due_at THEN w.lease_until ELSE w.due_at END) FROM deliveries w
            WHERE w.state = 'waiting'
                AND NOT EXISTS (SELECT 1 FROM deliveries e
                    WHERE e.state = 'waiting' AND e.lane = w.lane AND e.id < w.id)
            """
        )?.timeOrNil(0)
    }

    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> Delivery? {
        try tx.first("SELECT \(columns) FROM deliveries d WHERE d.id = \(id)").map(delivery)
    }

    package static func headers(of id: ID, in tx: any ReadTransaction) throws -> [(name: String, value: String)] {
        guard let row = try tx.first("SELECT headers FROM deliveries WHERE id = \(id)") else { return [] }
        return try JSON(parsing: row.text(0), name: "headers").expectArray().map {
            (try $0[0].expectString(), try $0[1].expectString())
        }
    }

    /// The newest first.
    package static func page(
        _ request: PageRequest, state: Delivery.State? = nil, endpoint: String? = nil, in tx: any ReadTransaction
    ) throws -> Page<Delivery> {
        var conditions: [Query] = []
        if let state { conditions.append("d.state = \(state.rawValue)") }
        if let endpoint { conditions.append("d.endpoint = \(endpoint)") }
        if let after = request.after { conditions.append("d.id < \(after.id)") }
        let deliveries = try tx.rows(
            """
            SELECT \(columns) FROM deliveries d WHERE \(Query.all(conditions))
            ORDER BY d.id DESC LIMIT \(request.limit + 1)
            """
        ).map(delivery)
        return Page(deliveries, for: request) { Cursor(id: $0.id) }
    }

    /// How many stand in this state, but no more than `cap`.
    package static func count(_ state: Delivery.State, cap: Int, in tx: any ReadTransaction) throws -> Int {
        try tx.count(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM deliveries WHERE state = \(state.rawValue) LIMIT \(cap)
            ) AS matching
            """)
    }

    /// Forgets what is older than `deliveries.retention`, waiting ones excepted, and hashes past their memory.
    package static func removeOld(before: Timestamp, now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM delivery_hashes WHERE received_at <= \(now - memory)")
        return try tx.run("DELETE FROM deliveries WHERE received_at < \(before) AND state <> 'waiting'")
    }

    /// SQLite, at start: the former process is dead, and so are its leases.
    package static func releaseAll(in tx: any WriteTransaction) throws {
        try tx.run("UPDATE deliveries SET claim = NULL, lease_until = 0 WHERE state = 'waiting' AND lease_until > 0")
    }

    private static func isHeld(_ claimed: Claimed) -> Query {
        "id = \(claimed.delivery.id) AND state = 'waiting' AND claim = \(claimed.claim)"
    }

    private static func headersText(_ headers: [(String, String)]) -> String {
        JSONColumn.string(
            JSONWriter.array { json in
                for (name, value) in headers {
                    json.array { json in
                        json.value(name)
                        json.value(value)
                    }
                }
            })
    }

    private static func delivery(_ row: Row) throws -> Delivery {
        Delivery(
            id: try row.id(0), endpoint: try row.text(1), topic: try row.text(2), receivedAt: try row.time(3),
            body: try row.bytes(4), lane: try row.textOrNil(5),
            state: Delivery.State(rawValue: try row.text(6)) ?? .unreadable, note: try row.textOrNil(7))
    }
}
