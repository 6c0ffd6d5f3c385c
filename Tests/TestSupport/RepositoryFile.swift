import Glibc

/// Files of the repository, found from where this source lies, so that a test may run in any folder.
package enum RepositoryFile {
    /// The folder of Package.swift.
    package static let root = folder(of: folder(of: folder(of: #filePath)))

    /// All bytes of a file named from the root, or nil when there is none.
    package static func read(_ path: String) -> [UInt8]? {
        let descriptor = open("\(root)/\(path)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes += buffer.prefix(count)
        }
    }

    /// The files under a folder named from the root whose names end so, by their paths from the root.
    package static func all(under path: String, ending: String) -> [String] {
        guard let folder = opendir("\(root)/\(path)") else { return [] }
        defer { closedir(folder) }
        var found: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(".") { continue }
            let child = path + "/" + name
            if entry.pointee.d_type == UInt8(DT_DIR) {
                found += all(under: child, ending: ending)
            } else if name.hasSuffix(ending) {
                found.append(child)
            }
        }
        return found.sorted()
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
