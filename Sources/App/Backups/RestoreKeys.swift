import Core
import Crypto

/// The master keys that a restored database needs, and how they come into the key file.
///
/// The key in use goes on sealing; a key out of the backup is put behind it and opens what was sealed before. So the
/// key file opens the old database and the new one at every moment of a restore.
struct RestoreKeys {
    let sealer: Sealer
    /// Whether the key file lacks some of them.
    let isChanged: Bool

    private let file: KeyFile

    /// - Parameter passphrase: asked for only when the key inside the backup is needed.
    init(_ backup: CheckedBackup, _ file: KeyFile, passphrase: () throws -> Secret) throws {
        self.file = file
        var keys = try Self.present(in: file)
        let wanted = backup.manifest.masterKeys.first ?? ""
        if keys.contains(where: { $0.id == wanted }), let first = keys.first {
            sealer = Sealer(first, former: Array(keys.dropFirst()))
            isChanged = false
            return
        }
        guard let sealed = backup.sealedKey else {
            throw BackupError(
                "the backup is sealed with master key \(wanted), which \(file.path) does not hold, and was made without "
                    + "the key: put the key file that was in use then in its place, or give it with --key-file")
        }
        let inside = try KeyFile.keys(
            in: try PassphraseBox.open(sealed, passphrase: try passphrase()), name: BackupManifest.keyEntryName)
        keys += inside.filter { key in !keys.contains { $0.id == key.id } }
        guard keys.contains(where: { $0.id == wanted }), let first = keys.first else {
            throw BackupError("the key inside the backup is not the one that it is sealed with")
        }
        sealer = Sealer(first, former: Array(keys.dropFirst()))
        isChanged = true
    }

    /// None where there is no file yet.
    private static func present(in file: KeyFile) throws(CryptoError) -> [MasterKey] {
        do {
            return try file.load()
        } catch {
            if error.kind == .noKeyFile { return [] }
            throw error
        }
    }

    /// Puts the keys that were missing into the key file.
    func store() throws {
        guard isChanged else { return }
        try file.replace(with: sealer.keys)
    }
}
