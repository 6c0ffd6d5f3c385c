package import Core
package import Crypto
package import SQL

/// The random keys of this installation that live in the database, sealed under the master key.
///
/// `key rotate` seals them anew and never replaces them: digests, suppressions and links made once stay good.
package struct HostKeys: Sendable {
    /// Makes the digests and seals of consents.
    let consent: Signature
    /// Names the consent key in each row, so that a database with rows of two installations can be told apart.
    let consentKeyID: String
    /// Makes the hashes by which a person stays suppressed after erasure.
    let suppression: Signature
    /// Makes the tokens of preference links.
    let link: Signature

    /// Signs what visitors of the shop carry for a while. A key made of the links' own, so that neither's codes are good
    /// for the other.
    package var visits: Signature { Signature(key: link.code(for: "visits")) }

    private static let consentName = "host.key.consent"
    private static let suppressionName = "host.key.suppression"
    private static let linkName = "host.key.link"
    /// The rows of `settings` that hold keys; lists of settings leave them out.
    package static let settingNames = [consentName, suppressionName, linkName, SealingKey.name]

    /// Opens the keys, and makes those that are missing. Throws `CryptoError` when one cannot be opened: a new one
    /// in its place would make every consent on record look forged.
    package static func load(
        sealer: Sealer, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> HostKeys {
        let consent = try key(consentName, sealer: sealer, at: now, in: tx)
        return HostKeys(
            consent: Signature(key: consent), consentKeyID: Array(SHA256.hash(consent).prefix(4)).hex,
            suppression: Signature(key: try key(suppressionName, sealer: sealer, at: now, in: tx)),
            link: Signature(key: try key(linkName, sealer: sealer, at: now, in: tx)))
    }

    /// Tells this installation from all others, whatever became of its master key; nil before the first start.
    /// Throws `CryptoError` when the key file is not the one that belongs to it.
    package static func installation(sealer: Sealer, in tx: any ReadTransaction) throws -> String? {
        guard case .sealed(let sealed) = try SettingsTable.get(consentName, in: tx) else { return nil }
        return Array(SHA256.hash(try sealer.open(sealed, name: consentName)).prefix(16)).hex
    }

    /// The id of the master key that these keys are sealed with; nil before the first start.
    package static func masterKey(in tx: any ReadTransaction) throws -> String? {
        guard case .sealed(let sealed) = try SettingsTable.get(consentName, in: tx) else { return nil }
        return try Sealer.key(of: sealed)
    }

    /// Tells whether two databases hash persons with the same key; nil where it is missing or cannot be opened.
    static func suppressionMark(sealer: Sealer, in tx: any ReadTransaction) throws -> [UInt8]? {
        guard case .sealed(let sealed) = try SettingsTable.get(suppressionName, in: tx) else { return nil }
        return (try? sealer.open(sealed, name: suppressionName)).map { SHA256.hash($0) }
    }

    private static func key(
        _ name: String, sealer: Sealer, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [UInt8] {
        if try SettingsTable.get(name, in: tx) == nil {
            try SealingKey.check(sealer, in: tx)
            let sealed = sealer.seal(RandomBytes.make(32), name: name)
            try SettingsTable.setOnce(name, to: .sealed(sealed), at: now, in: tx)
        }
        guard case .sealed(let sealed) = try SettingsTable.get(name, in: tx) else {
            throw DatabaseError(kind: .unexpectedValue, message: "\(name) is not sealed")
        }
        return try sealer.open(sealed, name: name)
    }
}
