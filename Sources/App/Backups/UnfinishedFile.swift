import Glibc

/// A file that comes into being under the name `<path>.unfinished` and appears under its own when it is whole and on
/// disk: whoever finds `path` finds all of it. What a killed process left is written over by the next.
struct UnfinishedFile: ~Copyable {
    static let suffix = ".unfinished"

    let path: String
    let descriptor: Int32
    private var isPublished = false

    /// - Throws: `BackupError` when `path` exists, or another process is writing it.
    init(_ path: String) throws(BackupError) {
        guard access(path, F_OK) != 0 else {
            throw BackupError("\(path) exists already: give another name, or move it away first")
        }
        let draft = path + Self.suffix
        let file = open(draft, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == ENOENT { throw BackupError("\(path) cannot be made: there is no folder \(path.parentFolder)") }
            throw Self.failure(path, "be made")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw BackupError("another process is writing \(path)")
        }
        guard fchmod(file, 0o600) == 0, ftruncate(file, 0) == 0 else {
            let failure = Self.failure(draft, "be written")
            close(file)
            throw failure
        }
        self.path = path
        descriptor = file
    }

    deinit {
        if !isPublished { unlink(path + Self.suffix) }
        close(descriptor)
    }

    /// Makes the bytes durable, then the name.
    /// - Returns: the size in bytes.
    mutating func publish() throws(BackupError) -> Int {
        var status = stat()
        guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else { throw Self.failure(path, "be written") }
        let draft = path + Self.suffix
        if link(draft, path) == 0 {
            unlink(draft)
        } else {
            // A file system without links, as of a memory stick.
            guard errno != EEXIST, access(path, F_OK) != 0 else {
                throw BackupError("\(path) exists already: give another name, or move it away first")
            }
            guard rename(draft, path) == 0 else { throw Self.failure(path, "be made") }
        }
        isPublished = true
        try Self.syncFolder(of: path)
        return Int(status.st_size)
    }

    /// Removes what a killed process left under this name, unless somebody is writing it.
    static func removeLeftover(_ draft: String) {
        let file = open(draft, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        if flock(file, LOCK_EX | LOCK_NB) == 0 { unlink(draft) }
    }

    /// Makes durable which names a folder holds.
    static func syncFolder(of path: String) throws(BackupError) {
        let folder = open(path.parentFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(path, "be kept") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure(path, "be kept") }
    }

    private static func failure(_ path: String, _ verb: String) -> BackupError {
        BackupError("\(path) cannot \(verb): \(String(cString: strerror(errno)))")
    }
}
