package import Core
package import SQL

/// A right that one process holds at a time, until a moment of the database's clock.
package struct Lease: Sendable, Equatable {
    package var name: String
    package var owner: String
    /// Rises each time the lease changes hands: what was begun under an older number is refused.
    package var epoch: Int64
    package var until: Timestamp

    package init(name: String, owner: String, epoch: Int64, until: Timestamp) {
        self.name = name
        self.owner = owner
        self.epoch = epoch
        self.until = until
    }
}

/// Leases by name (`dispatch:<number>`, `consent.sealer`). All times are the database's own.
package enum LeasesTable {
    /// Takes a free or ended lease, or renews one's own. Nil while somebody else holds it. The epoch stays only
    /// where the same owner renews in time.
    ///
    /// One statement that is right by its own conditions, also among nodes that reach for it together.
    package static func acquire(
        _ name: String, owner: String, for span: Timestamp.Span, in tx: any WriteTransaction
    ) throws -> Lease? {
        let now = tx.engine.now
        return try tx.first(
            """
            INSERT INTO leases (name, owner, epoch, held_until)
            VALUES (\(name), \(owner), 1, \(now) + \(span.milliseconds))
            ON CONFLICT (name) DO UPDATE
            SET epoch = CASE WHEN leases.owner = excluded.owner AND leases.held_until > \(now)
                    THEN leases.epoch ELSE leases.epoch + 1 END,
                owner = excluded.owner, held_until = excluded.held_until
            WHERE leases.owner = excluded.owner OR leases.held_until <= \(now)
            RETURNING name, owner, epoch, held_until
            """
        ).map(lease)
    }

    /// Ends one's own lease at once; the epoch stays on record.
    package static func release(_ lease: Lease, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE leases SET held_until = 0
            WHERE name = \(lease.name) AND owner = \(lease.owner) AND epoch = \(lease.epoch)
            """)
    }

    /// Ends what a process held that has stopped in order.
    package static func endAll(of owner: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE leases SET held_until = 0 WHERE owner = \(owner)")
    }

    /// SQLite, at start: the former process is dead, and so are its leases; their epochs stay on record.
    package static func endAll(in tx: any WriteTransaction) throws {
        try tx.run("UPDATE leases SET held_until = 0")
    }

    /// Forgets the leases of everything whose name begins so, with their epochs.
    package static func removeAll(namesFrom prefix: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM leases WHERE substr(name, 1, length(\(prefix))) = \(prefix)")
    }

    package static func isHeld(_ lease: Lease, in tx: any ReadTransaction) throws -> Bool {
        try tx.first("SELECT 1 WHERE \(isHeld(lease, by: tx.engine))") != nil
    }

    /// The fence, as a condition of the statement that it guards: the lease is still this holder's, by its epoch.
    static func isHeld(_ lease: Lease, by engine: Engine) -> Query {
        """
        EXISTS (
            SELECT 1 FROM leases
            WHERE name = \(lease.name) AND owner = \(lease.owner) AND epoch = \(lease.epoch)
                AND held_until > \(engine.now))
        """
    }

    private static func lease(_ row: Row) throws -> Lease {
        Lease(name: try row.text(0), owner: try row.text(1), epoch: try row.integer(2), until: try row.time(3))
    }
}
