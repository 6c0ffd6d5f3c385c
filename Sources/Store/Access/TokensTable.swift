package import Core
package import SQL

/// A key for the API, as it may be shown: never the token itself.
package struct APIToken: Sendable, Equatable {
    package var id: ID
    package var name: String
    package var scope: Scope
    /// The first letters of the token, by which its owner knows it again.
    package var prefix: String
    package var createdAt: Timestamp
    package var lastUsedAt: Timestamp?
    package var revokedAt: Timestamp?

    package init(
        id: ID, name: String, scope: Scope, prefix: String, createdAt: Timestamp, lastUsedAt: Timestamp? = nil,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.scope = scope
        self.prefix = prefix
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
    }
}

/// The keys of the API, kept as hashes. A revoked one stays as a line in the list.
package enum TokensTable {
    private static let columns: Query = "id, name, scope, prefix, created_at, last_used_at, revoked_at"

    package static func all(in tx: any ReadTransaction) throws -> [APIToken] {
        try tx.rows("SELECT \(columns) FROM tokens ORDER BY id").map(token)
    }

    package static func find(hash: String, in tx: any ReadTransaction) throws -> APIToken? {
        try tx.first("SELECT \(columns) FROM tokens WHERE token_hash = \(hash) AND revoked_at IS NULL").map(token)
    }

    package static func add(_ token: APIToken, hash: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO tokens (id, name, scope, token_hash, prefix, created_at)
            VALUES (\(token.id), \(token.name), \(token.scope.rawValue), \(hash), \(token.prefix),
                \(token.createdAt))
            """)
        try RevisionsTable.raise(.tokens, in: tx)
    }

    /// False when there is no such key, or it was revoked before.
    package static func revoke(_ id: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        let revoked = try tx.run("UPDATE tokens SET revoked_at = \(now) WHERE id = \(id) AND revoked_at IS NULL")
        try RevisionsTable.raise(.tokens, in: tx)
        return revoked > 0
    }

    /// Callers do so at most once a minute, not with each request.
    package static func used(_ id: ID, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE tokens SET last_used_at = \(now) WHERE id = \(id)")
    }

    private static func token(_ row: Row) throws -> APIToken {
        APIToken(
            id: try row.id(0), name: try row.text(1), scope: Scope(rawValue: try row.text(2)) ?? .read,
            prefix: try row.text(3), createdAt: try row.time(4), lastUsedAt: try row.timeOrNil(5),
            revokedAt: try row.timeOrNil(6))
    }
}
