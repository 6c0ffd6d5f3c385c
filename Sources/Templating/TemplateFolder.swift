import Glibc

/// A folder of `*.mustache` files, each named by its path in it.
struct TemplateFolder: Sendable {
    private static let ending = ".mustache"
    /// Far beyond any page; what is larger is not a template.
    private static let sizeLimit = 4_000_000

    let path: String

    /// Nil when there is no such file; a name may not leave the folder.
    func source(_ name: String) throws(TemplateError) -> TemplateSource? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.utf8.contains(0) }) else { return nil }
        let file = path + "/" + name + Self.ending
        guard let bytes = try Self.read(file) else { return nil }
        return TemplateSource(name: name, file: file, bytes: bytes)
    }

    /// - Returns: nil when there is no such file.
    static func read(_ file: String) throws(TemplateError) -> [UInt8]? {
        func failure(_ message: String) -> TemplateError {
            TemplateError(kind: .file, message: message, file: file, line: 0, column: 0, excerpt: "")
        }
        guard let handle = fopen(file, "rbe") else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(String(cString: strerror(errno)))
        }
        defer { fclose(handle) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, handle)
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
            if bytes.count > sizeLimit { throw failure("the file is larger than a template may be") }
        }
        if ferror(handle) != 0 { throw failure("the file cannot be read") }
        return bytes
    }

    /// The names of all templates in the folder and below; a folder that is not there has none.
    func names() -> [String] { Self.names(in: path, prefix: "") }

    private static func names(in path: String, prefix: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let file = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if file.hasPrefix(".") { continue }
            if file.hasSuffix(ending) {
                names.append(prefix + file.dropLast(ending.count))
            } else if isFolder(path + "/" + file) {
                names += Self.names(in: path + "/" + file, prefix: prefix + file + "/")
            }
        }
        return names
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
