import Glibc

/// The file of master keys: one line a key, `cartwright-key-1 <id> <Base64>`, the one that seals first.
///
/// It is only ever whole: a first file appears by `link`, later ones by `rename`, both after `fsync`, so a crash or
/// a second process starting at the same moment sees the old keys or the new ones. Mode 0600; a file that others
/// may touch is refused.
package struct KeyFile: Sendable {
    private static let mark = "cartwright-key-1"
    private static let sizeLimit = 64 * 1024

    package let path: String

    package init(path: String) { self.path = path }

    /// The keys of the file; on an empty folder a first key is made. Never replaces a file that is there.
    package func loadOrCreate() throws(CryptoError) -> [MasterKey] {
        do {
            return try load()
        } catch  where error.kind == .noKeyFile {
            try create([MasterKey.make()])
            // Another process may have been first: then its key counts.
            return try load()
        }
    }

    /// At least one key, the sealing one first.
    package func load() throws(CryptoError) -> [MasterKey] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw errno == ENOENT ? CryptoError(.noKeyFile, "there is no key file \(path)") : failure("be opened")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.sizeLimit
        else { throw CryptoError(.badKeyFile, "\(path) is not a key file") }
        guard status.st_mode & (S_IRWXG | S_IRWXO) == 0 else {
            throw CryptoError(.openKeyFile, "others may use the key file; run: chmod 600 \(path)")
        }
        return try Self.keys(in: try contents(of: file), name: path)
    }

    /// Puts `keys` in the file's place: a new key first at a rotation, later without those no longer needed.
    package func replace(with keys: [MasterKey]) throws(CryptoError) {
        precondition(!keys.isEmpty, "a key file holds a key")
        let draft = try writeDraft(keys)
        guard rename(draft, path) == 0 else {
            let failure = failure("be replaced")
            unlink(draft)
            throw failure
        }
        try syncFolder()
    }

    /// Runs `body` while no other process does so on this file: two rotations at once would each forget the other's key.
    /// The lock is the folder's, and ends with the process.
    package func alone<Result>(_ body: () throws -> Result) throws -> Result {
        let folder = open(self.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("be locked") }
        defer { close(folder) }
        guard flock(folder, LOCK_EX | LOCK_NB) == 0 else {
            throw CryptoError(.badKeyFile, "another process is changing the key file \(path)")
        }
        return try body()
    }

    /// What a file of these keys holds: for a copy that is sealed and kept elsewhere.
    package static func bytes(of keys: [MasterKey]) -> [UInt8] {
        Array(keys.map { "\(mark) \($0.id) \($0.bytes.base64)\n" }.joined().utf8)
    }

    private func create(_ keys: [MasterKey]) throws(CryptoError) {
        let draft = try writeDraft(keys)
        let linked = link(draft, path) == 0 || errno == EEXIST
        let failure = failure("be made")
        unlink(draft)
        guard linked else { throw failure }
        try syncFolder()
    }

    private func writeDraft(_ keys: [MasterKey]) throws(CryptoError) -> String {
        let draft = path + "." + RandomBytes.make(6).base64URL
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("be made") }
        defer { close(file) }
        let bytes = Self.bytes(of: keys)
        guard fchmod(file, 0o600) == 0, write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            let failure = failure("be written")
            unlink(draft)
            throw failure
        }
        return draft
    }

    /// The new name itself must survive a crash: a value sealed with a lost key is lost.
    private func syncFolder() throws(CryptoError) {
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure("be kept") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure("be kept") }
    }

    private var folder: String {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        return slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    private func contents(of file: Int32) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.sizeLimit)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw failure("be read") }
        return Array(bytes.prefix(count))
    }

    /// The keys of a file's content, at least one.
    /// - Parameter name: of the file, for what is said of a damaged one.
    package static func keys(in bytes: [UInt8], name: String) throws(CryptoError) -> [MasterKey] {
        var keys: [MasterKey] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ")
            guard parts.count == 3, parts[0] == mark, let bytes = [UInt8](base64: String(parts[2])),
                let key = MasterKey(bytes: bytes), key.id == parts[1]
            else { throw CryptoError(.badKeyFile, "line \(keys.count + 1) of the key file \(name) is damaged") }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw CryptoError(.badKeyFile, "the key file \(name) is empty") }
        return keys
    }

    private func failure(_ verb: String) -> CryptoError {
        CryptoError(.badKeyFile, "the key file \(path) cannot \(verb): \(String(cString: strerror(errno)))")
    }
}
