import Archive
import Core
import Crypto
import Database
import Domain
import SQL
import Store
import Synchronization

/// Writes one archive of everything: the database as it is at one moment, beside everybody's work, and the files of
/// the data folder that are not made anew.
struct BackupMaker: Sendable {
    /// The folders of `<data>` that belong into a backup.
    static let folders = ["templates", "media"]

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
        let writer = Mutex(try ArchiveWriter(file: file.descriptor))
        // Packing takes as long as reading: so it is done beside it.
        let manifest = try Conveyor<Piece>.run(
            "backup-pack", use: { piece in try writer.withLock { try piece.write(to: $0) } },
            make: { belt in try put(on: belt, migrations, progress) })
        try writer.withLock { try $0.finish() }
        return Outcome(manifest: manifest, bytes: try file.publish())
    }

    private enum Piece: Sendable {
        case entry(String, at: Timestamp)
        case bytes([UInt8])

        func write(to archive: borrowing ArchiveWriter) throws(ArchiveError) {
            switch self {
            case .entry(let name, let time): try archive.begin(name, at: time)
            case .bytes(let bytes): try archive.write(bytes)
            }
        }
    }

    private func put(
        on belt: Conveyor<Piece>, _ migrations: [String: Int], _ progress: (Int) throws -> Void
    ) throws -> BackupManifest {
        var manifest = try database.snapshot { tx in
            // The moment of the view is that of its first statement.
            var manifest = BackupManifest(
                programVersion: Version.text, engine: database.engine, siteName: site.name, siteAddress: site.publicURL,
                madeAt: clock.now(), migrations: migrations, masterKeys: sealer.keys.map(\.id),
                consentHead: try ConsentHead.read(in: tx))
            var rows = 0
            for shape in try Database.tables(in: tx) {
                try write(shape, to: belt, &manifest, in: tx) { count in
                    rows += count
                    try progress(rows)
                }
            }
            return manifest
        }
        for folder in Self.folders {
            for name in try FolderFiles.names(in: dataFolder + "/" + folder) {
                try writeFile(folder + "/" + name, to: belt, &manifest) { try progress($0) }
            }
        }
        if let sealedKey { try write(sealedKey, as: BackupManifest.keyEntryName, to: belt, &manifest) }
        try belt.put(.entry(BackupManifest.entryName, at: manifest.madeAt))
        try belt.put(.bytes(manifest.json))
        return manifest
    }

    private func write(
        _ shape: TableShape, to belt: Conveyor<Piece>, _ manifest: inout BackupManifest,
        in tx: any ReadTransaction, progress: (Int) throws -> Void
    ) throws {
        var digest = TableDigest.Running()
        var bytes = 0
        let table = BackupManifest.Table(name: shape.name, rows: 0, columns: shape.columns)
        try belt.put(.entry(table.entryName, at: manifest.madeAt))
        try TableRows.eachPage(of: shape, in: tx) { rows in
            let lines = try PortableRow.lines(rows)
            try belt.put(.bytes(lines))
            digest.add(lines: lines, count: rows.count)
            bytes += lines.count
            try progress(rows.count)
        }
        let sum = digest.finish()
        manifest.tables.append(BackupManifest.Table(name: shape.name, rows: sum.rows, columns: shape.columns))
        manifest.entries.append(.init(name: table.entryName, bytes: bytes, sha256: sum.sha256))
    }

    private func writeFile(
        _ name: String, to belt: Conveyor<Piece>, _ manifest: inout BackupManifest,
        progress: (Int) throws -> Void
    ) throws {
        let rows = manifest.rows
        guard EntryName.isSafe(name) else {
            throw BackupError("\(dataFolder)/\(name) has a name that no backup can hold: rename it")
        }
        let sum = EntrySum()
        var isBegun = false
        let isThere = try FolderFiles.read(dataFolder + "/" + name) { piece in
            if !isBegun { try belt.put(.entry(name, at: manifest.madeAt)) }
            isBegun = true
            try belt.put(.bytes(piece))
            sum.add(piece)
            try progress(rows)
        }
        // One that went away since the folder was listed is no part of the site any more.
        guard isThere else { return }
        if !isBegun { try belt.put(.entry(name, at: manifest.madeAt)) }
        manifest.entries.append(sum.finish(name))
    }

    private func write(
        _ bytes: [UInt8], as name: String, to belt: Conveyor<Piece>, _ manifest: inout BackupManifest
    ) throws {
        try belt.put(.entry(name, at: manifest.madeAt))
        try belt.put(.bytes(bytes))
        manifest.entries.append(.init(name: name, bytes: bytes.count, sha256: SHA256.hash(bytes).hex))
    }
}
