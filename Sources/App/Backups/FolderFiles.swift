import Glibc

/// The plain files below a folder, by their path from it, sorted. Hidden files, and links that lead out of the folder,
/// are no part of it.
enum FolderFiles {
    /// Empty for a folder that is not there.
    static func names(in folder: String) throws(BackupError) -> [String] {
        var names: [String] = []
        try collect(folder, below: "", into: &names)
        return names.sorted()
    }

    private static func collect(
        _ folder: String, below prefix: String, into names: inout [String]
    ) throws(BackupError) {
        guard let directory = opendir(folder) else {
            if errno == ENOENT { return }
            throw BackupError("the folder \(folder) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix(".") else { continue }
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try collect("\(folder)/\(name)", below: "\(prefix)\(name)/", into: &names)
            case S_IFREG: names.append(prefix + name)
            default: continue
            }
        }
    }

    /// Removes the folder with everything in it; nothing happens where there is none.
    static func remove(_ folder: String) {
        guard let directory = opendir(folder) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            if unlink("\(folder)/\(name)") != 0 { remove("\(folder)/\(name)") }
        }
        closedir(directory)
        rmdir(folder)
    }

    /// Hands a file's bytes on in pieces; false when it is gone by now.
    static func read(_ path: String, _ body: ([UInt8]) throws -> Void) throws -> Bool {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return false }
            throw BackupError("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw BackupError("\(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            if count == 0 { return true }
            try body(Array(buffer.prefix(count)))
        }
    }
}
