import Archive
import Core
import Crypto
import Database
import Domain
import SQL
import Store
import Text

/// Writes one archive of everything: the database as it is at one moment, beside everybody's work, and the files of
/// the data folder that are not made anew.
struct BackupMaker: Sendable {
    /// The folders of `<data>` that belong into a backup.
    static let folders = ["templates", "media"]
    private static let rowsAtATime = 1000

    /// What was written.
    struct Outcome: Sendable {
        var manifest: BackupManifest
        /// Of the file.
        var bytes: Int
    }

    let database: Database
    let dataFolder: String
    let sealer: Sealer
    let site: Site
    let clock: any Clock
    /// The master key, sealed by a passphrase; nil to leave it out.
    var sealedKey: [UInt8]?

    /// - Parameters:
    ///   - path: a file that does not exist yet; it appears when it is whole and on disk.
    ///   - progress: told every so often how many rows are written; what it throws ends the work.
    func write(to path: String, progress: (Int) throws -> Void = { _ in }) throws -> Outcome {
        var file = try UnfinishedFile(path)
        let migrations = try database.schemaVersions()
        let writer = try ArchiveWriter(file: file.descriptor)
        var manifest = try database.snapshot { tx in
            // The moment of the view is that of its first statement.
            var manifest = BackupManifest(
                programVersion: Version.text, engine: database.engine, siteName: site.name, siteAddress: site.publicURL,
                madeAt: clock.now(), migrations: migrations, masterKeys: sealer.keys.map(\.id),
                consentHead: try ConsentHead.read(in: tx))
            var rows = 0
            for shape in try Database.tables(in: tx) {
                try write(shape, to: writer, &manifest, in: tx) { count in
                    rows += count
                    try progress(rows)
                }
            }
            return manifest
        }
        for folder in Self.folders {
            for name in try FolderFiles.names(in: dataFolder + "/" + folder) {
                try writeFile(folder + "/" + name, to: writer, &manifest) { try progress($0) }
            }
        }
        if let sealedKey { try write(sealedKey, as: BackupManifest.keyEntryName, to: writer, &manifest) }
        try writer.begin(BackupManifest.entryName, at: manifest.madeAt)
        try writer.write(manifest.json)
        try writer.finish()
        return Outcome(manifest: manifest, bytes: try file.publish())
    }

    private func write(
        _ shape: TableShape, to writer: borrowing ArchiveWriter, _ manifest: inout BackupManifest,
        in tx: any ReadTransaction, progress: (Int) throws -> Void
    ) throws {
        var digest = TableDigest.Running()
        var (key, bytes): ([SQLValue]?, Int) = (nil, 0)
        let table = BackupManifest.Table(name: shape.name, rows: 0, columns: shape.columns)
        try writer.begin(table.entryName, at: manifest.madeAt)
        while true {
            let rows = try TableRows.page(of: shape, after: key, limit: Self.rowsAtATime, in: tx)
            guard let last = rows.last else { break }
            var lines = JSONWriter()
            for row in rows { try PortableRow.append(row, to: &lines) }
            try writer.write(lines.bytes)
            digest.add(lines: lines.bytes, count: rows.count)
            bytes += lines.bytes.count
            key = shape.key(of: last)
            try progress(rows.count)
        }
        let sum = digest.finish()
        manifest.tables.append(BackupManifest.Table(name: shape.name, rows: sum.rows, columns: shape.columns))
        manifest.entries.append(.init(name: table.entryName, bytes: bytes, sha256: sum.sha256))
    }

    private func writeFile(
        _ name: String, to writer: borrowing ArchiveWriter, _ manifest: inout BackupManifest,
        progress: (Int) throws -> Void
    ) throws {
        let rows = manifest.rows
        guard EntryName.isSafe(name) else {
            throw BackupError("\(dataFolder)/\(name) has a name that no backup can hold: rename it")
        }
        let sum = EntrySum()
        var isBegun = false
        let isThere = try FolderFiles.read(dataFolder + "/" + name) { piece in
            if !isBegun { try writer.begin(name, at: manifest.madeAt) }
            isBegun = true
            try writer.write(piece)
            sum.add(piece)
            try progress(rows)
        }
        // One that went away since the folder was listed is no part of the site any more.
        guard isThere else { return }
        if !isBegun { try writer.begin(name, at: manifest.madeAt) }
        manifest.entries.append(sum.finish(name))
    }

    private func write(
        _ bytes: [UInt8], as name: String, to writer: borrowing ArchiveWriter, _ manifest: inout BackupManifest
    ) throws {
        try writer.begin(name, at: manifest.madeAt)
        try writer.write(bytes)
        manifest.entries.append(.init(name: name, bytes: bytes.count, sha256: SHA256.hash(bytes).hex))
    }
}
