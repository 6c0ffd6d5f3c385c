import Glibc
package import SQL

/// Proof that this process alone serves a data folder, for as long as the value lives; the system lets go of it when
/// the process dies, however it dies.
package final class DataFolderLock: Sendable {
    private let file: Int32

    /// Takes `<folder>/serve.lock`.
    /// - Parameter role: what this process is, such as `serve`: told to the next one that comes.
    /// - Throws: `unavailable`, naming the process that holds the folder.
    package init(folder: String, role: String) throws(DatabaseError) {
        let path = folder + "/serve.lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system(path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            defer { close(file) }
            throw DatabaseError(kind: .unavailable, message: "\(Self.holder(file)) already works on \(folder)")
        }
        let words = Array("\(role) (process \(getpid()))".utf8)
        ftruncate(file, 0)
        _ = words.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
        self.file = file
    }

    deinit {
        // Closing alone would leave the lock to a child process that was forked and has not yet begun its program.
        flock(file, LOCK_UN)
        close(file)
    }

    private static func holder(_ file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : "another process"
    }
}
