import Glibc
import SQL

/// Lets one start at a time work on a data folder: opening a new file, migrating. It leaves no file behind, and the
/// system lets go of it with the process.
struct FolderLock: ~Copyable {
    private let folder: Int32

    /// Waits for the folder of `path`.
    init(of path: String) throws(DatabaseError) {
        let name = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .system(name) }
        while flock(folder, LOCK_EX) != 0 {
            if errno == EINTR { continue }
            defer { close(folder) }
            throw .system(name)
        }
        self.folder = folder
    }

    deinit {
        // Closing alone would leave the lock to a child process that was forked and has not yet begun its program.
        flock(folder, LOCK_UN)
        close(folder)
    }

    /// Ends it here rather than where the compiler last sees it used.
    consuming func release() {}
}
