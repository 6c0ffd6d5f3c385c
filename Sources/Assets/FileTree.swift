import Glibc

/// The files below a folder with their content, by their path from it. Hidden files are left out.
enum FileTree {
    static func read(_ folder: String) throws(AssetError) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        try read(folder, below: "", into: &files)
        return files
    }

    private static func read(
        _ folder: String, below prefix: String, into files: inout [String: [UInt8]]
    ) throws(AssetError) {
        for name in try names(in: folder) where !name.hasPrefix(".") {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0 else { throw AssetError(file: path, message: "cannot be read") }
            if status.st_mode & S_IFMT == S_IFDIR {
                try read(path, below: "\(prefix)\(name)/", into: &files)
            } else {
                files[prefix + name] = try content(path)
            }
        }
    }

    private static func names(in folder: String) throws(AssetError) -> [String] {
        guard let directory = opendir(folder) else {
            throw AssetError(file: folder, message: "the folder cannot be opened")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    private static func content(_ path: String) throws(AssetError) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw AssetError(file: path, message: "cannot be read") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            bytes += chunk[..<count]
            if count < chunk.count { break }
        }
        guard ferror(file) == 0 else { throw AssetError(file: path, message: "cannot be read") }
        return bytes
    }
}
