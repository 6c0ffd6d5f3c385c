import Database
import Glibc

/// The place that a program was told to work at: is there an installation, and may one begin there?
struct Premises {
    let options: HostOptions
    let location: DatabaseLocation

    /// What stands in an empty folder that is a disk of its own.
    private static let alwaysThere: Set<String> = [".", "..", "lost+found"]

    /// Makes the data folder where a new installation may begin, and refuses a place without one where it may not: a
    /// mistyped folder would else become a shop that has lost everything. One that stands there empty was made for it.
    func prepare() throws {
        guard !options.begins else { return try DataFolder.make(options.data) }
        guard !isInhabited, !isEmptyFolder else { return }
        throw FolderError(
            description:
                "there is no installation here: \(missing). Name its folder with --data\(orDatabase); a new one begins "
                + "with: cartwright serve --data \(options.data)")
    }

    /// The database's file is there; of a server, the key that opens what is in it.
    private var isInhabited: Bool {
        switch location {
        case .file(let path): access(path, F_OK) == 0
        case .server: access(options.keyPath, F_OK) == 0
        }
    }

    private var missing: String {
        switch location {
        case _ where access(options.data, F_OK) != 0: "the folder \(options.data) does not exist"
        case .file(let path): "\(path) does not exist"
        case .server: "the key file \(options.keyPath) does not exist"
        }
    }

    /// The other flag that may be the mistyped one.
    private var orDatabase: String {
        guard options.database != nil else { return "" }
        return switch location {
        case .file: ", or the database with --database"
        case .server: ", or the key with --key-file"
        }
    }

    private var isEmptyFolder: Bool {
        guard let folder = opendir(options.data) else { return false }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !Self.alwaysThere.contains(name) { return false }
        }
        return true
    }
}
