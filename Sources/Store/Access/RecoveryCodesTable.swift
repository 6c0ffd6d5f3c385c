package import Core
package import SQL

/// Codes on paper for whoever's authenticator app is gone: kept as hashes, each good once.
package enum RecoveryCodesTable {
    /// Puts these in place of all that were there.
    package static func replace(hashes: [String], of user: ID, in tx: any WriteTransaction) throws {
        try removeAll(of: user, in: tx)
        for hash in hashes {
            try tx.run("INSERT INTO recovery_codes (code_hash, user_id) VALUES (\(hash), \(user))")
        }
    }

    /// False when it is not this person's, or was used.
    package static func use(hash: String, of user: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            """
            UPDATE recovery_codes SET used_at = \(now)
            WHERE code_hash = \(hash) AND user_id = \(user) AND used_at IS NULL
            """) > 0
    }

    /// How many are still good.
    package static func left(of user: ID, in tx: any ReadTransaction) throws -> Int {
        try tx.rows("SELECT 1 FROM recovery_codes WHERE user_id = \(user) AND used_at IS NULL").count
    }

    package static func removeAll(of user: ID, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM recovery_codes WHERE user_id = \(user)")
    }
}
