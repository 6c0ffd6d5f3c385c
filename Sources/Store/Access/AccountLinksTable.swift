package import Core
package import SQL

/// A one-time link that an owner hands to somebody: to come in as a new person, or to set a new password.
package struct AccountLink: Sendable, Equatable {
    package var id: ID
    /// Whose new password it sets; nil for an invitation.
    package var userID: ID?
    package var email: String
    package var role: Role
    package var createdAt: Timestamp
    package var expiresAt: Timestamp
}

/// Links by which people get their account: kept as hashes, good for 72 hours, once. A new one takes the place of the
/// one before it.
package enum AccountLinksTable {
    package static let life = Timestamp.Span.hours(72)

    private static let columns: Query = "id, user_id, email, role, created_at, expires_at"

    package static func invite(
        _ email: String, as role: Role, tokenHash: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> AccountLink {
        let key = EmailKey.make(email)
        try tx.run("DELETE FROM account_links WHERE email_key = \(key) AND user_id IS NULL")
        let link = AccountLink(
            id: ID.make(at: now), userID: nil, email: email, role: role, createdAt: now, expiresAt: now + life)
        try add(link, tokenHash: tokenHash, in: tx)
        return link
    }

    package static func newPassword(
        of user: User, tokenHash: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try endAll(of: user.id, in: tx)
        let link = AccountLink(
            id: ID.make(at: now), userID: user.id, email: user.email, role: user.role, createdAt: now,
            expiresAt: now + life)
        try add(link, tokenHash: tokenHash, in: tx)
    }

    package static func find(
        tokenHash: String, now: Timestamp, in tx: any ReadTransaction
    ) throws -> AccountLink? {
        try tx.first(
            "SELECT \(columns) FROM account_links WHERE token_hash = \(tokenHash) AND expires_at > \(now)"
        ).map(link)
    }

    /// Who is invited and has not come yet, by address.
    package static func invitations(now: Timestamp, in tx: any ReadTransaction) throws -> [AccountLink] {
        try tx.rows(
            """
            SELECT \(columns) FROM account_links WHERE user_id IS NULL AND expires_at > \(now) ORDER BY email_key
            """
        ).map(link)
    }

    /// Takes the link; false when somebody else was faster.
    package static func use(_ id: ID, in tx: any WriteTransaction) throws -> Bool {
        try tx.run("DELETE FROM account_links WHERE id = \(id)") > 0
    }

    /// The address that was invited; nil when there is no such invitation.
    package static func withdraw(_ id: ID, in tx: any WriteTransaction) throws -> String? {
        try tx.first("DELETE FROM account_links WHERE id = \(id) AND user_id IS NULL RETURNING email")
            .map { try $0.text(0) }
    }

    package static func endAll(of user: ID, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM account_links WHERE user_id = \(user)")
    }

    package static func endAll(in tx: any WriteTransaction) throws { try tx.run("DELETE FROM account_links") }

    package static func removeExpired(by now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM account_links WHERE expires_at <= \(now)")
    }

    private static func add(_ link: AccountLink, tokenHash: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO account_links (id, token_hash, user_id, email, email_key, role, created_at, expires_at)
            VALUES (\(link.id), \(tokenHash), \(link.userID), \(link.email), \(EmailKey.make(link.email)),
                \(link.role.rawValue), \(link.createdAt), \(link.expiresAt))
            """)
    }

    private static func link(_ row: Row) throws -> AccountLink {
        AccountLink(
            id: try row.id(0), userID: try row.idOrNil(1), email: try row.text(2),
            role: Role(rawValue: try row.text(3)) ?? .viewer, createdAt: try row.time(4), expiresAt: try row.time(5))
    }
}
