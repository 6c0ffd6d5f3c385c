package import Core
package import Crypto
package import SQL

/// Which master key seals in this database since the last rotation.
///
/// Whoever stores a sealed value asks in the same transaction. A process that has not heard of a rotation would else
/// seal with a key that is forgotten a moment later, and the value with it.
package enum SealingKey {
    static let name = "host.key.sealing"

    /// Throws `CryptoError` of kind `outdatedKey` when another key has taken the place of the sealer's.
    package static func check(_ sealer: Sealer, in tx: any ReadTransaction) throws {
        guard case .plain(let id) = try SettingsTable.get(name, in: tx), id != sealer.current.id else { return }
        throw CryptoError(
            .outdatedKey,
            "master key \(id) seals here since a rotation, and \(sealer.current.id) stands first in the key file: "
                + "try again, or put back the key file of that rotation")
    }

    package static func set(_ key: MasterKey, at now: Timestamp, in tx: any WriteTransaction) throws {
        try SettingsTable.set(name, to: .plain(key.id), at: now, in: tx)
    }
}
