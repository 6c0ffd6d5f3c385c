import Glibc

/// A file of one short line: the mark of an installation beside its database.
struct MarkFile {
    private static let sizeLimit = 256

    let path: String

    /// Nil where there is none that can be read.
    func read() -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.sizeLimit)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Puts a line in its place: the old one or the new one is there, whole.
    func write(_ line: String) throws {
        let draft = path + ".new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("made") }
        defer { close(file) }
        let bytes = Array((line + "\n").utf8)
        guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0, rename(draft, path) == 0 else {
            let failure = failure("written")
            unlink(draft)
            throw failure
        }
    }

    private func failure(_ what: String) -> FolderError {
        FolderError(description: "the file \(path) cannot be \(what): \(String(cString: strerror(errno)))")
    }
}
