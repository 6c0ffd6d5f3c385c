package import Core
package import Crypto
package import SQL

/// One place of the database that holds values sealed under a master key. `key rotate` and the doctor walk the list of
/// them all; a column for sealed values that is not in it fails a test.
package struct SealedValues: Sendable {
    /// `table.column`.
    package let column: String
    /// Seals anew what a former key sealed, and says how many that were. What cannot be opened stays as it is.
    package let reseal: @Sendable (Sealer, Timestamp, any WriteTransaction) throws -> Int
    /// Every sealed value as it is stored.
    package let all: @Sendable (any ReadTransaction) throws -> [[UInt8]]

    /// Every place there is. A new one is a line here.
    package static let places: [SealedValues] = [.settings, .secondFactors]

    /// Settings that are secret, and the host's own keys.
    private static let settings = SealedValues(
        column: "settings.sealed",
        reseal: { sealer, now, tx in try SettingsStore(sealer: sealer).resealAll(at: now, in: tx) },
        all: { tx in
            try SettingsTable.all(in: tx).values.compactMap { if case .sealed(let bytes) = $0 { bytes } else { nil } }
        })

    /// What people's authenticator apps hold.
    private static let secondFactors = SealedValues(
        column: "second_factors.secret",
        reseal: { sealer, _, tx in try SecondFactorsTable.reseal(with: sealer, in: tx) },
        all: { tx in try SecondFactorsTable.allSealed(in: tx) })

    /// Seals everything anew with the sealer's first key, which from now on is the only one that may; how many values
    /// that were.
    package static func resealAll(_ sealer: Sealer, at now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try SealingKey.set(sealer.current, at: now, in: tx)
        return try places.reduce(0) { try $0 + $1.reseal(sealer, now, tx) }
    }

    /// How many values each master key has sealed, by its id. Bytes that are no sealed value count for nobody.
    package static func counts(in tx: any ReadTransaction) throws -> [String: Int] {
        try places.flatMap { try $0.all(tx) }.reduce(into: [:]) { counts, sealed in
            if let key = try? Sealer.key(of: sealed) { counts[key, default: 0] += 1 }
        }
    }
}
