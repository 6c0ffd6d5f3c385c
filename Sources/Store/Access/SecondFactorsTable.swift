package import Core
package import Crypto
package import SQL

/// The secret that somebody's authenticator app holds, and how far its codes have been used.
///
///     nothing ──prepare──▶ prepared ──turnOn (a right code)──▶ on ──remove──▶ nothing
///
/// The secret is sealed under the person's own name: moved to another's row it does not open.
package enum SecondFactorsTable {
    package struct SecondFactor: Sendable {
        package var code: OneTimeCode
        /// Nil while it is only prepared: signing in does not ask for it yet.
        package var turnedOnAt: Timestamp?
        /// The step of the last code that was taken.
        package var lastStep: Int64?
    }

    package static func name(of user: ID) -> String { "user.\(user).second_factor" }

    /// Puts a secret in place that is not on yet; one that is on stays, and false is returned.
    package static func prepare(
        _ code: OneTimeCode, of user: ID, sealer: Sealer, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        try SealingKey.check(sealer, in: tx)
        let sealed = sealer.seal(code.reveal(), name: name(of: user))
        return try tx.run(
            """
            INSERT INTO second_factors (user_id, secret, created_at) VALUES (\(user), \(sealed), \(now))
            ON CONFLICT (user_id) DO UPDATE
            SET secret = excluded.secret, created_at = excluded.created_at, last_step = NULL
            WHERE second_factors.turned_on_at IS NULL
            """) > 0
    }

    /// Throws `CryptoError` when the secret cannot be opened: it is never taken for absent.
    package static func find(
        of user: ID, sealer: Sealer, in tx: any ReadTransaction
    ) throws -> SecondFactor? {
        let row = try tx.first("SELECT secret, turned_on_at, last_step FROM second_factors WHERE user_id = \(user)")
        return try row.map { row in
            SecondFactor(
                code: OneTimeCode(secret: try sealer.open(row.bytes(0), name: name(of: user))),
                turnedOnAt: try row.timeOrNil(1), lastStep: try row.integerOrNil(2))
        }
    }

    /// Whether signing in asks for it; needs no key.
    package static func isOn(of user: ID, in tx: any ReadTransaction) throws -> Bool {
        try tx.first("SELECT 1 FROM second_factors WHERE user_id = \(user) AND turned_on_at IS NOT NULL") != nil
    }

    /// Everybody who has it on.
    package static func users(in tx: any ReadTransaction) throws -> Set<ID> {
        Set(try tx.rows("SELECT user_id FROM second_factors WHERE turned_on_at IS NOT NULL").map { try $0.id(0) })
    }

    /// Of two that bring the same code at the same time one is told false.
    package static func take(step: Int64, of user: ID, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            """
            UPDATE second_factors SET last_step = \(step)
            WHERE user_id = \(user) AND (last_step IS NULL OR last_step < \(step))
            """) > 0
    }

    package static func turnOn(of user: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            "UPDATE second_factors SET turned_on_at = \(now) WHERE user_id = \(user) AND turned_on_at IS NULL") > 0
    }

    /// Takes its recovery codes along. False when it was not on.
    package static func remove(of user: ID, in tx: any WriteTransaction) throws -> Bool {
        let wasOn = try isOn(of: user, in: tx)
        try tx.run("DELETE FROM second_factors WHERE user_id = \(user)")
        try RecoveryCodesTable.removeAll(of: user, in: tx)
        return wasOn
    }

    /// Every secret as it is stored.
    package static func allSealed(in tx: any ReadTransaction) throws -> [[UInt8]] {
        try tx.rows("SELECT secret FROM second_factors").map { try $0.bytes(0) }
    }

    /// Seals with the present key what a former one sealed; how many. What cannot be opened stays as it is.
    package static func reseal(with sealer: Sealer, in tx: any WriteTransaction) throws -> Int {
        var count = 0
        for row in try tx.rows("SELECT user_id, secret FROM second_factors") {
            let (user, sealed) = (try row.id(0), try row.bytes(1))
            guard (try? sealer.isOutdated(sealed)) == true, let clear = try? sealer.open(sealed, name: name(of: user))
            else { continue }
            let fresh = sealer.seal(clear, name: name(of: user))
            count += try tx.run(
                "UPDATE second_factors SET secret = \(fresh) WHERE user_id = \(user) AND secret = \(sealed)")
        }
        return count
    }
}
