package import Core
package import SQL

/// A person's sign-in on one device.
package struct Session: Sendable, Equatable {
    package var id: ID
    package var userID: ID
    /// From this the CSRF words of the forms are made.
    package var csrfSecret: [UInt8]
    package var createdAt: Timestamp
    package var lastSeenAt: Timestamp
    /// When the password was last given; secrets, exports, users and tokens ask for a recent one.
    package var confirmedAt: Timestamp
    package var expiresAt: Timestamp
    package var address: String
    package var agent: String

    package init(
        id: ID, userID: ID, csrfSecret: [UInt8], createdAt: Timestamp, lastSeenAt: Timestamp,
        confirmedAt: Timestamp, expiresAt: Timestamp, address: String, agent: String
    ) {
        self.id = id
        self.userID = userID
        self.csrfSecret = csrfSecret
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.confirmedAt = confirmedAt
        self.expiresAt = expiresAt
        self.address = address
        self.agent = agent
    }
}

/// Who is signed in. The cookie's token is kept only as its hash.
package enum SessionsTable {
    private static let columns: Query = """
        s.id, s.user_id, s.csrf_secret, s.created_at, s.last_seen_at, s.confirmed_at, s.expires_at, s.address, s.agent
        """

    package static func add(_ session: Session, tokenHash: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO sessions (id, token_hash, user_id, csrf_secret, created_at, last_seen_at, confirmed_at,
                expires_at, address, agent)
            VALUES (\(session.id), \(tokenHash), \(session.userID), \(session.csrfSecret), \(session.createdAt),
                \(session.lastSeenAt), \(session.confirmedAt), \(session.expiresAt), \(session.address),
                \(session.agent))
            """)
    }

    /// Nil for an unknown token and for a session that has ended by `now`.
    package static func find(
        tokenHash: String, now: Timestamp, in tx: any ReadTransaction
    ) throws -> Session? {
        try tx.first(
            """
            SELECT \(columns) FROM sessions s
            WHERE s.token_hash = \(tokenHash) AND s.expires_at > \(now)
            """
        ).map(session)
    }

    /// Newest first.
    package static func all(of user: ID, now: Timestamp, in tx: any ReadTransaction) throws -> [Session] {
        try tx.rows(
            """
            SELECT \(columns) FROM sessions s
            WHERE s.user_id = \(user) AND s.expires_at > \(now)
            ORDER BY s.id DESC
            """
        ).map(session)
    }

    /// How many each person has.
    package static func counts(now: Timestamp, in tx: any ReadTransaction) throws -> [ID: Int] {
        let rows = try tx.rows("SELECT user_id, COUNT(*) FROM sessions WHERE expires_at > \(now) GROUP BY user_id")
        return Dictionary(try rows.map { (try $0.id(0), try $0.int(1)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether that person is signed in at this address.
    package static func isKnown(
        address: String, of user: ID, now: Timestamp, in tx: any ReadTransaction
    ) throws -> Bool {
        try tx.first(
            """
            SELECT 1 FROM sessions WHERE user_id = \(user) AND address = \(address) AND expires_at > \(now) LIMIT 1
            """) != nil
    }

    /// Moves the end of an active session on. Callers do so at most once a minute, not with each request.
    package static func seen(
        _ id: ID, at now: Timestamp, expiresAt: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run("UPDATE sessions SET last_seen_at = \(now), expires_at = \(expiresAt) WHERE id = \(id)")
    }

    package static func confirmed(_ id: ID, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE sessions SET confirmed_at = \(now) WHERE id = \(id)")
    }

    /// Ends one session of that person; false when it is not theirs or gone already.
    package static func end(_ id: ID, of user: ID, in tx: any WriteTransaction) throws -> Bool {
        try tx.run("DELETE FROM sessions WHERE id = \(id) AND user_id = \(user)") > 0
    }

    package static func endAll(of user: ID, except kept: ID? = nil, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM sessions WHERE user_id = \(user) AND id <> \(kept ?? ID(0))")
    }

    /// Everybody has to sign in again.
    package static func endAll(in tx: any WriteTransaction) throws { try tx.run("DELETE FROM sessions") }

    /// Sweeps what has ended; how many.
    package static func removeExpired(by now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM sessions WHERE expires_at <= \(now)")
    }

    private static func session(_ row: Row) throws -> Session {
        Session(
            id: try row.id(0), userID: try row.id(1), csrfSecret: try row.bytes(2), createdAt: try row.time(3),
            lastSeenAt: try row.time(4), confirmedAt: try row.time(5), expiresAt: try row.time(6),
            address: try row.text(7), agent: try row.text(8))
    }
}
