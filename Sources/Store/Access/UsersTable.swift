package import Core
package import SQL

/// A person who signs in to the admin.
package struct User: Sendable, Equatable {
    package var id: ID
    package var email: String
    package var name: String
    package var role: Role
    /// Argon2id, in its own text form.
    package var passwordHash: String
    package var createdAt: Timestamp
    package var lastSeenAt: Timestamp?

    package init(
        id: ID, email: String, name: String, role: Role, passwordHash: String, createdAt: Timestamp,
        lastSeenAt: Timestamp? = nil
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.passwordHash = passwordHash
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
    }
}

/// The people who sign in. An e-mail address stands once, whatever its case.
package enum UsersTable {
    private static let columns: Query = "id, email, name, role, password_hash, created_at, last_seen_at"

    package static func all(in tx: any ReadTransaction) throws -> [User] {
        try tx.rows("SELECT \(columns) FROM users ORDER BY email_key").map(user)
    }

    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> User? {
        try tx.first("SELECT \(columns) FROM users WHERE id = \(id)").map(user)
    }

    package static func find(email: String, in tx: any ReadTransaction) throws -> User? {
        try tx.first("SELECT \(columns) FROM users WHERE email_key = \(EmailKey.make(email))").map(user)
    }

    /// No user exists: the start page is open.
    package static func isEmpty(in tx: any ReadTransaction) throws -> Bool {
        try tx.first("SELECT 1 FROM users LIMIT 1") == nil
    }

    /// False when the address is taken.
    package static func add(_ user: User, in tx: any WriteTransaction) throws -> Bool {
        let added = try tx.run(
            """
            INSERT INTO users (id, email, email_key, name, role, password_hash, created_at)
            VALUES (\(user.id), \(user.email), \(EmailKey.make(user.email)), \(user.name), \(user.role.rawValue),
                \(user.passwordHash), \(user.createdAt))
            ON CONFLICT DO NOTHING
            """)
        if added > 0 { try RevisionsTable.raise(.users, in: tx) }
        return added > 0
    }

    /// Whether the house would be without an owner if this person were none.
    package static func isLastOwner(_ user: User, in tx: any ReadTransaction) throws -> Bool {
        guard user.role == .owner else { return false }
        return try tx.first("SELECT 1 FROM users WHERE role = \(Role.owner.rawValue) AND id <> \(user.id)") == nil
    }

    /// Also ends the sessions of that person, and what else the former password opened.
    /// - Parameter kept: the session in which it was changed.
    package static func setPassword(
        _ hash: String, of id: ID, except kept: ID? = nil, in tx: any WriteTransaction
    ) throws {
        try tx.run("UPDATE users SET password_hash = \(hash) WHERE id = \(id)")
        try SessionsTable.endAll(of: id, except: kept, in: tx)
        try HalfSignInsTable.endAll(of: id, in: tx)
        try AccountLinksTable.endAll(of: id, in: tx)
        try RevisionsTable.raise(.users, in: tx)
    }

    /// The same password, hashed anew at today's cost: nobody is signed out.
    /// - Parameter former: the hash that was checked; one that was changed meanwhile stays.
    package static func renew(
        _ hash: String, inPlaceOf former: String, of id: ID, in tx: any WriteTransaction
    ) throws {
        try tx.run("UPDATE users SET password_hash = \(hash) WHERE id = \(id) AND password_hash = \(former)")
    }

    package static func setRole(_ role: Role, of id: ID, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE users SET role = \(role.rawValue) WHERE id = \(id)")
        try RevisionsTable.raise(.users, in: tx)
    }

    package static func setName(_ name: String, of id: ID, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE users SET name = \(name) WHERE id = \(id)")
    }

    /// Sessions go with it. False when there is no such user.
    package static func remove(_ id: ID, in tx: any WriteTransaction) throws -> Bool {
        let removed = try tx.run("DELETE FROM users WHERE id = \(id)")
        try RevisionsTable.raise(.users, in: tx)
        return removed > 0
    }

    package static func seen(_ id: ID, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE users SET last_seen_at = \(now) WHERE id = \(id)")
    }

    private static func user(_ row: Row) throws -> User {
        User(
            id: try row.id(0), email: try row.text(1), name: try row.text(2),
            role: Role(rawValue: try row.text(3)) ?? .viewer, passwordHash: try row.text(4),
            createdAt: try row.time(5), lastSeenAt: try row.timeOrNil(6))
    }
}
