import Core
import Glibc

/// A file that says which database the unpacked folders beside it belong to. Who has it open works on them alone.
struct RestoreMark: ~Copyable {
    /// Of that database's audit log.
    let entry: ID
    private let path: String
    private let file: Int32

    /// Durable when it returns.
    init(_ entry: ID, at path: String) throws(BackupError) {
        let file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure(path) }
        let text = Array(entry.description.utf8)
        guard flock(file, LOCK_EX | LOCK_NB) == 0, ftruncate(file, 0) == 0,
            pwrite(file, text, text.count, 0) == text.count, fsync(file) == 0
        else {
            let failure = Self.failure(path)
            close(file)
            throw failure
        }
        do {
            try UnfinishedFile.syncFolder(of: path)
        } catch {
            close(file)
            throw error
        }
        (self.entry, self.path, self.file) = (entry, path, file)
    }

    /// Nil when there is none, or another process works with it.
    init?(leftAt path: String) {
        let file = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = max(0, pread(file, &bytes, bytes.count, 0))
        var status = stat()
        guard flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &status) == 0, status.st_nlink > 0,
            let entry = ID(String(decoding: bytes.prefix(count), as: UTF8.self))
        else {
            close(file)
            return nil
        }
        (self.entry, self.path, self.file) = (entry, path, file)
    }

    deinit {
        flock(file, LOCK_UN)
        close(file)
    }

    /// The folders are in place.
    consuming func remove() { unlink(path) }

    private static func failure(_ path: String) -> BackupError {
        BackupError("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
