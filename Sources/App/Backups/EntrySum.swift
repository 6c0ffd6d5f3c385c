import Core
import Crypto

/// Size and SHA-256 of an entry whose bytes pass by in pieces.
final class EntrySum {
    private(set) var bytes = 0
    private var hash: SHA256? = SHA256()

    func add(_ piece: [UInt8]) {
        hash?.update(piece)
        bytes += piece.count
    }

    /// The entry as the manifest has it; to be asked for once.
    func finish(_ name: String) -> BackupManifest.Entry {
        BackupManifest.Entry(name: name, bytes: bytes, sha256: hash.take()?.finish().hex ?? "")
    }
}
