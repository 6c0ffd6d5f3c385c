import Glibc

/// A file of the system that is small by nature.
enum SmallFile {
    /// Nil when it cannot be read, or is larger than `limit` bytes.
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0, count <= limit else { return nil }
        return Array(bytes.prefix(count))
    }
}
