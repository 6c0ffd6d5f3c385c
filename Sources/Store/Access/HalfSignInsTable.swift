package import Core
package import SQL

/// Those who gave the right password and still owe the code: five minutes long, in one browser, for a few tries.
///
///     password right ──add──▶ half signed in ──end (right code)──▶ signed in
///                                   └──`mostWrong` wrong codes, or `life`──▶ nothing
package enum HalfSignInsTable {
    package static let life = Timestamp.Span.minutes(5)
    /// Then the password is asked for again.
    package static let mostWrong = 5

    /// - Parameters:
    ///   - tokenHash: of the cookie made for this.
    ///   - visitorHash: of the cookie that the browser had before: both must come back together.
    package static func add(
        tokenHash: String, visitorHash: String, user: ID, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO half_sign_ins (token_hash, user_id, visitor_hash, wrong, expires_at)
            VALUES (\(tokenHash), \(user), \(visitorHash), 0, \(now + life))
            """)
    }

    /// Who it is; nil for an unknown or ended one, and in another browser.
    package static func find(
        tokenHash: String, visitorHash: String, now: Timestamp, in tx: any ReadTransaction
    ) throws -> ID? {
        try tx.first(
            """
            SELECT user_id FROM half_sign_ins
            WHERE token_hash = \(tokenHash) AND visitor_hash = \(visitorHash) AND expires_at > \(now)
                AND wrong < \(mostWrong)
            """
        ).map { try $0.id(0) }
    }

    /// Counts a try that went wrong.
    package static func wrong(tokenHash: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE half_sign_ins SET wrong = wrong + 1 WHERE token_hash = \(tokenHash)")
    }

    /// False when it has ended already.
    package static func end(tokenHash: String, in tx: any WriteTransaction) throws -> Bool {
        try tx.run("DELETE FROM half_sign_ins WHERE token_hash = \(tokenHash)") > 0
    }

    package static func endAll(of user: ID, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM half_sign_ins WHERE user_id = \(user)")
    }

    package static func endAll(in tx: any WriteTransaction) throws { try tx.run("DELETE FROM half_sign_ins") }

    package static func removeExpired(by now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM half_sign_ins WHERE expires_at <= \(now)")
    }
}
