package import Core
package import SQL

/// The links that lead to the first owner's account: good for 24 hours, once, and only while nobody has one.
package enum StartLinksTable {
    package static let life = Timestamp.Span.hours(24)

    package static func add(tokenHash: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM start_links WHERE expires_at <= \(now)")
        try tx.run(
            """
            INSERT INTO start_links (token_hash, created_at, expires_at)
            VALUES (\(tokenHash), \(now), \(now + life))
            """)
    }

    package static func endAll(in tx: any WriteTransaction) throws { try tx.run("DELETE FROM start_links") }

    package static func isOpen(tokenHash: String, now: Timestamp, in tx: any ReadTransaction) throws -> Bool {
        try tx.first(
            """
            SELECT 1 FROM start_links
            WHERE token_hash = \(tokenHash) AND used_at IS NULL AND expires_at > \(now)
                AND NOT EXISTS (SELECT 1 FROM users)
            """) != nil
    }

    /// Takes the link; false when it is unknown, used, expired, or an account stands already.
    package static func use(tokenHash: String, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            """
            UPDATE start_links SET used_at = \(now)
            WHERE token_hash = \(tokenHash) AND used_at IS NULL AND expires_at > \(now)
                AND NOT EXISTS (SELECT 1 FROM users)
            """) > 0
    }
}
