import Core
import Crypto
import Database
import Glibc
import PluginKit
import SQL
import Store

/// The two databases of a move, open, with nobody else at work on them, and found fit for it.
final class MovePlaces: Sendable {
    let source: Database
    let target: Database
    /// All that this program can have tables of.
    let series: [MigrationSeries]
    /// Of the source's schema, by series.
    let versions: [String: Int]
    /// Tells the source's installation from others, also after its key file has changed.
    let installation: String
    /// Held on the folders of SQLite files.
    private let locks: [DataFolderLock]

    static let role = "migrate-database"

    /// - Parameter targetOptions: how the target is opened.
    init(
        from: DatabaseLocation, to: DatabaseLocation, key: KeyFile, plugins: [any Plugin], clock: any Clock, log: Log,
        targetOptions: DatabaseOptions = DatabaseOptions()
    ) throws {
        if case .file(let path) = from, access(path, F_OK) != 0 { throw MoveError("there is no database \(path)") }
        if case .file(let path) = to { try DataFolder.make(path.parentFolder) }
        let (from, to) = (try from.resolved(), try to.resolved())
        // Two addresses of one PostgreSQL database are found out later: the target is then not empty.
        guard from != to else { throw MoveError("--from and --to name the same database") }
        let sealer = try Self.sealer(key)
        locks = try Set([from, to].compactMap { try $0.folder }).sorted().map { folder in
            try DataFolderLock(folder: folder, role: Self.role)
        }
        source = try Database(from, clock: clock, log: log)
        try PluginNames(plugins, engine: source.engine).check()
        series = [HostSchema.series] + PluginHost.migrations(plugins)
        try Self.check(source: source, series)
        versions = try source.schemaVersions()
        installation = try Self.installation(of: source, sealer, key)
        // Only now: a source that cannot be moved leaves no empty file behind.
        target = try Database(to, clock: clock, log: log, options: targetOptions)
    }

    /// Of those, what the source has tables of.
    var installedSeries: [MigrationSeries] { series.filter { versions[$0.name] != nil } }

    /// Which database it was, for people, and for the next try.
    var sourceName: String { source.location.address }
    var targetName: String { target.location.address }

    func close() {
        source.close()
        target.close()
    }

    /// Throws while a server works on the database: it would go on writing to what was already copied.
    ///
    /// On SQLite the folder's lock says so.
    static func refuseServed(_ database: Database, _ what: String) throws {
        guard try database.hasTable("nodes") else { return }
        try database.read { tx in try refuseServed(what, in: tx) }
    }

    static func refuseServed(_ what: String, in tx: any ReadTransaction) throws {
        guard tx.engine == .postgresql, let node = try NodesTable.alive(in: tx).first else { return }
        let seconds = NodesTable.patience.milliseconds / 1000
        throw MoveError(
            "\(node.name) (\(node.role.rawValue)) was at work on \(what) in the last \(seconds) s: stop it and try again"
        )
    }

    private static func sealer(_ file: KeyFile) throws -> Sealer {
        let keys = try file.load()
        guard let first = keys.first else { throw CryptoError(.badKeyFile, "the key file \(file.path) is empty") }
        return Sealer(first, former: Array(keys.dropFirst()))
    }

    private static func check(source: Database, _ series: [MigrationSeries]) throws {
        try source.refuseUnfinishedCopy()
        let versions = try source.schemaVersions()
        guard !versions.isEmpty else { throw MoveError("\(source.location) holds nothing of this program") }
        let strangers = Set(versions.keys).subtracting(series.map(\.name)).sorted()
        guard strangers.isEmpty else {
            throw MoveError(
                "this program has no plugin \(strangers.joined(separator: ", ")), whose data is in the source: "
                    + "use the release that has it, or uninstall it there with --delete-data")
        }
        try refuseServed(source, "the source")
    }

    /// Opens the source's own keys, as a server would at its start.
    private static func installation(of source: Database, _ sealer: Sealer, _ file: KeyFile) throws -> String {
        try source.read { tx in
            let known = Set(sealer.keys.map(\.id))
            let unknown = try Set(SealedValues.counts(in: tx).keys).subtracting(known).sorted()
            guard unknown.isEmpty else {
                throw MoveError(
                    "the source holds values sealed with master key \(unknown.joined(separator: ", ")), which "
                        + "\(file.path) does not have: give the right one with --key-file")
            }
            guard let installation = try HostKeys.installation(sealer: sealer, in: tx) else {
                throw MoveError("no server has ever worked on \(source.location): there is nothing to move")
            }
            return installation
        }
    }
}
