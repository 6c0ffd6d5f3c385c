import Glibc
package import SQL

extension DatabaseLocation {
    /// The same, a SQLite file by its own name: absolute and with all links followed. Locks and comparisons go by it,
    /// for a file has one log beside it however it is called. The file need not exist yet, its folder must.
    package func resolved() throws(DatabaseError) -> DatabaseLocation {
        guard case .file(let path) = self else { return self }
        return .file(try DatabaseFile.name(of: path))
    }

    /// The folder of the SQLite file, in which one server at a time may work; nil on PostgreSQL.
    package var folder: String? {
        get throws(DatabaseError) {
            guard case .file(let path) = self else { return nil }
            return DatabaseFile.folder(of: try DatabaseFile.name(of: path))
        }
    }
}

extension DatabaseFile {
    /// A restore keeps the former file under its name and this; for a moment the file has both.
    package static let formerSuffix = ".before-restore"

    /// The name of a file that there is, or that is about to be made.
    /// - Throws: `unavailable` for what cannot be worked on safely under one name: the log of a file with several hard
    ///   links lies beside the one that it was opened by, and two logs destroy it.
    static func name(of path: String) throws(DatabaseError) -> String {
        var status = stat()
        guard let name = try real(path) else { return try newName(path) }
        guard stat(name, &status) == 0 else { throw .system(name) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DatabaseError(kind: .unavailable, message: "\(path) is no file: name the database's own file")
        }
        let names = Int(status.st_nlink) - (isFormerToo(name, status) ? 1 : 0)
        guard names > 1 else { return name }
        throw DatabaseError(
            kind: .unavailable,
            message: "the database \(name) has \(names) names (hard links), and used by two of them it would be "
                + "destroyed: stop what uses it, remove the others (find them with find / -xdev -samefile \(name)), or "
                + "make it a file of its own by a copy that takes its place (cp, then mv)")
    }

    static func folder(of name: String) -> String {
        let end = name.lastIndex(of: "/") ?? name.startIndex
        return end == name.startIndex ? "/" : String(name[..<end])
    }

    /// Nil where nothing is of that name.
    private static func real(_ path: String) throws(DatabaseError) -> String? {
        guard let real = realpath(path, nil) else {
            guard errno == ENOENT else { throw .system(path) }
            return nil
        }
        defer { free(real) }
        return String(cString: real)
    }

    private static func newName(_ path: String) throws(DatabaseError) -> String {
        var status = stat()
        guard lstat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFLNK else {
            throw DatabaseError(
                kind: .unavailable,
                message:
                    "\(path) is a link to a file that does not exist: mount or make what it leads to, or remove it",
                trouble: .gone)
        }
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { String(path[...$0]) } ?? "."
        guard let folder = try real(parent) else {
            throw DatabaseError(
                kind: .unavailable,
                message: "there is no folder \(parent) for the database: make it, or correct the path",
                trouble: .gone)
        }
        let last = slash.map { path[path.index(after: $0)...] } ?? path[...]
        return (folder == "/" ? "" : folder) + "/" + last
    }

    /// As a restore leaves it that was killed.
    private static func isFormerToo(_ name: String, _ status: stat) -> Bool {
        var former = stat()
        return lstat(name + formerSuffix, &former) == 0 && former.st_ino == status.st_ino
            && former.st_dev == status.st_dev
    }
}
