package import Core
package import SQL

/// A process that serves or works on this database.
package struct Node: Sendable, Equatable {
    package enum Role: String, Sendable, CaseIterable {
        /// Answers requests and works.
        case serve
        /// Answers requests alone.
        case web
        /// Works alone.
        case worker

        /// Whether it reads deliveries, sends messages and runs jobs.
        package var works: Bool { self != .web }
    }

    /// The owner of its leases.
    package var id: String
    /// The machine's name and the process id.
    package var name: String
    package var role: Role
    package var version: String
    /// The ids of the master keys that it has loaded; it seals with the first.
    package var keys: [String]
    /// How much its clock is ahead of the database's.
    package var clockAhead: Timestamp.Span
    package var startedAt: Timestamp
    package var seenAt: Timestamp
    /// How long ago that was.
    package var silence: Timestamp.Span = .zero

    package init(
        id: String, name: String, role: Role, version: String, keys: [String] = [],
        clockAhead: Timestamp.Span = .zero, startedAt: Timestamp = .init(milliseconds: 0),
        seenAt: Timestamp = .init(milliseconds: 0)
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.version = version
        self.keys = keys
        self.clockAhead = clockAhead
        self.startedAt = startedAt
        self.seenAt = seenAt
    }
}

/// Who is at work on this database. Each process says so again and again; all times are the database's own.
package enum NodesTable {
    /// One that was not seen for so long has died, or hangs.
    package static let patience = Timestamp.Span.seconds(15)

    /// Says that the node is alive, for the first time or again.
    /// - Parameter clock: what the node's own clock shows.
    package static func beat(_ node: Node, clock: Timestamp, in tx: any WriteTransaction) throws {
        let now = tx.engine.now
        try tx.run(
            """
            INSERT INTO nodes (id, name, role, version, master_keys, clock_ahead, started_at, seen_at)
            VALUES (\(node.id), \(node.name), \(node.role.rawValue), \(node.version),
                \(node.keys.joined(separator: ",")), \(clock.milliseconds) - \(now), \(now), \(now))
            ON CONFLICT (id) DO UPDATE
            SET master_keys = excluded.master_keys, clock_ahead = excluded.clock_ahead, seen_at = excluded.seen_at
            """)
    }

    /// A node that ends cleanly is gone at once.
    package static func leave(_ id: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM nodes WHERE id = \(id)")
    }

    /// Those seen of late, in the order in which they started.
    package static func alive(in tx: any ReadTransaction) throws -> [Node] {
        try seen(within: patience, in: tx)
    }

    /// Whether some answer requests, and nobody does the work. Where no process has said that it lives, nobody knows.
    package static func isUnworked(in tx: any ReadTransaction) throws -> Bool {
        let alive = try alive(in: tx)
        return !alive.isEmpty && !alive.contains(where: \.role.works)
    }

    /// Those seen within a span: also such as have died, and did not leave.
    package static func seen(within span: Timestamp.Span, in tx: any ReadTransaction) throws -> [Node] {
        try tx.rows(
            """
            SELECT id, name, role, version, master_keys, clock_ahead, started_at, seen_at,
                \(tx.engine.now) - seen_at
            FROM nodes
            WHERE seen_at > \(tx.engine.now) - \(span.milliseconds) ORDER BY started_at, id
            """
        ).compactMap(node)
    }

    /// Forgets those that died longer ago.
    package static func removeUnseen(for span: Timestamp.Span, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM nodes WHERE seen_at <= \(tx.engine.now) - \(span.milliseconds)")
    }

    /// SQLite, at start: the folder's lock proves every other process dead.
    package static func removeAll(in tx: any WriteTransaction) throws { try tx.run("DELETE FROM nodes") }

    /// A role of a later release says nothing to this one.
    private static func node(_ row: borrowing Row) throws -> Node? {
        guard let role = Node.Role(rawValue: try row.text(2)) else { return nil }
        var node = Node(
            id: try row.text(0), name: try row.text(1), role: role, version: try row.text(3),
            keys: try row.text(4).split(separator: ",").map(String.init),
            clockAhead: .milliseconds(try row.integer(5)), startedAt: try row.time(6), seenAt: try row.time(7))
        node.silence = max(.zero, .milliseconds(try row.integer(8)))
        return node
    }
}
