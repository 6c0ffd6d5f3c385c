import Glibc

/// The folder of everything that a server keeps.
enum DataFolder {
    /// Makes the folder, for its owner alone, where it is missing.
    static func make(_ path: String) throws {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += made.isEmpty && part.isEmpty ? "/" : (made.isEmpty || made == "/" ? "" : "/") + part
            if mkdir(made, 0o700) != 0, errno != EEXIST {
                throw FolderError(description: "cannot make the folder \(made): \(String(cString: strerror(errno)))")
            }
        }
    }
}

extension String {
    /// Of a file's path, the folder.
    var parentFolder: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}

struct FolderError: Error, CustomStringConvertible {
    let description: String
}
