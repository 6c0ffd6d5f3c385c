import Archive
import Core
import Crypto
import Glibc
import Store

/// A backup of which every byte was read once and found to be what its manifest says. Nothing is taken from an archive
/// that is not one of these.
struct CheckedBackup: Sendable {
    let path: String
    let manifest: BackupManifest
    /// The master key as it was put in, still sealed; nil in a backup without.
    let sealedKey: [UInt8]?

    private static let keyLimit = 1 << 20

    /// Reads the whole file. Throws `ArchiveError` or `BackupError` with what is wrong with it.
    init(path: String) throws {
        self.path = path
        manifest = try Self.manifest(of: path)
        sealedKey = try Self.check(path, manifest)
    }

    private static func manifest(of path: String) throws -> BackupManifest {
        var reader = try ArchiveReader(path: path)
        while let name = try reader.next() {
            guard name == BackupManifest.entryName else { continue }
            return try BackupManifest(parsing: try reader.contents(atMost: BackupManifest.sizeLimit))
        }
        throw BackupError("\(path) is no backup of this program: it holds no manifest")
    }

    /// - Returns: the sealed key.
    private static func check(_ path: String, _ manifest: BackupManifest) throws -> [UInt8]? {
        var expected = Dictionary(manifest.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        guard expected.count == manifest.entries.count, manifest.entries.allSatisfy({ $0.bytes >= 0 }) else {
            throw BackupError("the backup's manifest is damaged: it names an entry twice, or with no size")
        }
        let tables = Dictionary(manifest.tables.map { ($0.entryName, $0) }, uniquingKeysWith: { first, _ in first })
        for table in manifest.tables where expected[table.entryName] == nil {
            throw BackupError("the backup is not whole: the table \(table.name) is missing")
        }
        var key: [UInt8]?
        var reader = try ArchiveReader(path: path)
        while let name = try reader.next() {
            if name == BackupManifest.entryName { continue }
            guard let entry = expected.removeValue(forKey: name), isKnown(name, tables) else {
                throw BackupError("the backup holds \(name), which its manifest does not know")
            }
            let sum = EntrySum()
            var lines = 0
            try reader.read(atMost: entry.bytes) { piece in
                sum.add(piece)
                if tables[name] != nil { lines += piece.count { $0 == UInt8(ascii: "\n") } }
                if name == BackupManifest.keyEntryName, sum.bytes <= keyLimit { key = (key ?? []) + piece }
            }
            guard sum.finish(name) == entry else {
                throw BackupError("the backup is damaged: \(name) is not what was written")
            }
            if let table = tables[name], table.rows != lines {
                throw BackupError("the backup is damaged: \(table.name) has \(lines) rows, not \(table.rows)")
            }
        }
        if let missing = expected.keys.min() { throw BackupError("the backup is not whole: \(missing) is missing") }
        return key
    }

    private static func isKnown(_ name: String, _ tables: [String: BackupManifest.Table]) -> Bool {
        tables[name] != nil || name == BackupManifest.keyEntryName
            || BackupMaker.folders.contains { name.hasPrefix($0 + "/") }
    }
}

extension CheckedBackup {
    /// Reads the archive again and hands the pieces of each entry that `wanted` chooses on. What has changed since it
    /// was checked is found by who counts what was loaded.
    func readAgain(_ wanted: (String) -> Bool, _ body: (String, [UInt8]) throws -> Void) throws {
        let sizes = Dictionary(manifest.entries.map { ($0.name, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        var reader = try ArchiveReader(path: path)
        while let name = try reader.next() {
            guard let size = sizes[name], wanted(name) else { continue }
            try body(name, [])
            try reader.read(atMost: size) { try body(name, $0) }
        }
    }

    /// Unpacks the files of one folder of the data folder into another place. They are durable when it returns.
    func unpack(_ folder: String, to target: String) throws {
        var file: Int32 = -1
        var current = ""
        defer { if file >= 0 { close(file) } }
        func settle() throws {
            guard file >= 0, fsync(file) != 0 else { return }
            throw BackupError("\(current) cannot be unpacked: \(String(cString: strerror(errno)))")
        }
        try readAgain({ $0.hasPrefix(folder + "/") }) { name, piece in
            if name != current {
                try settle()
                if file >= 0 { close(file) }
                let path = target + name.dropFirst(folder.count)
                try DataFolder.make(path.parentFolder)
                file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
                current = name
                guard file >= 0 else {
                    throw BackupError("\(path) cannot be made: \(String(cString: strerror(errno)))")
                }
            }
            var rest = piece[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    throw BackupError("\(name) cannot be unpacked: \(String(cString: strerror(errno)))")
                }
                rest = rest.dropFirst(count)
            }
        }
        try settle()
    }
}
