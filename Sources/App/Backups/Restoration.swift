import Core
import Crypto
import Database
import Messaging
import PluginKit
import SQL
import Store

/// Puts a backup in place of what is there. Nothing is replaced before everything has been checked, loaded and proved.
///
///     checked ──▶ keys at hand ──▶ what is in place looked at ──▶ staged: loaded, proved, migrated, settled ──▶ replaced
///        └──────────┴───────────────────┴──────────────────────────┴─ any error, or a kill: nothing has changed
struct Restoration {
    let backup: CheckedBackup
    let place: any RestorePlace
    let options: HostOptions
    let plugins: [any Plugin]
    let keys: RestoreKeys
    let clock: any Clock
    let log: Log

    struct Outcome {
        /// How many people were stopped whom the backup knew as not stopped.
        var stops: Int
        /// What was kept of before, in sentences.
        var kept: [String]
        /// What else the owner should know.
        var warnings: [String]
    }

    /// What was done to the staged database beside loading it.
    private struct Settled {
        /// How many people were stopped since, and stay so.
        var stops: Int
        /// Of the audit log: by it the staged database is told from the one in place.
        var entry: ID
    }

    private var series: [MigrationSeries] { [HostSchema.series] + PluginHost.migrations(plugins) }

    /// - Parameter force: also over a database that holds something.
    func run(force: Bool) throws -> Outcome {
        defer { place.discard() }
        try checkVersions()
        var warnings: [String] = []
        let stops = try lookAround(force: force, &warnings)
        try checkSpace()
        let folders = RestoredFolders(dataFolder: options.data)
        do {
            let settled = try stage(stops)
            let mark = try folders.stage(backup, for: settled.entry)
            try keys.store()
            var kept = [try place.replace()].compactMap(\.self)
            kept += try folders.replace(mark).map { "the former files are kept as \($0)" }
            kept += try folders.leftAlone(by: backup).map { "\($0) stays as it is: the backup holds nothing of it" }
            return Outcome(stops: settled.stops, kept: kept, warnings: warnings)
        } catch {
            folders.discard()
            throw error
        }
    }

    private func checkVersions() throws {
        for (name, version) in backup.manifest.migrations.sorted(by: { $0.key < $1.key }) {
            guard let own = series.first(where: { $0.name == name }) else {
                throw BackupError("the backup holds tables of the plugin \(name), which this program does not have")
            }
            guard own.migrations.contains(where: { $0.version == version }) else {
                throw BackupError(
                    "the backup has version \(version) of the tables of \(name), of a newer program "
                        + "(\(backup.manifest.programVersion)): this one (\(Version.text)) knows version "
                        + "\(own.migrations.map(\.version).max() ?? 0); restore it with that one or a later one")
            }
        }
    }

    /// What the database in place knows that must not be lost with it.
    private func lookAround(force: Bool, _ warnings: inout [String]) throws -> CarriedStops {
        let current: Database?
        do {
            current = try place.open()
        } catch {
            guard force else {
                throw BackupError("the database in place cannot be read (\(error)): --force replaces it all the same")
            }
            warnings.append("nobody's STOP could be taken over: the former database cannot be read (\(error))")
            return CarriedStops()
        }
        guard let current else { return CarriedStops() }
        defer { current.close() }
        try refuseAtWork(current)
        let holdings = try Holdings(of: current)
        guard holdings.isEmpty || force else {
            throw BackupError(
                "the database in place holds \(holdings): --force puts the backup of \(backup.manifest.madeAt.rfc3339) "
                    + "in its place and keeps it aside")
        }
        return try current.read { tx in
            try CarriedStops.read(since: backup.manifest.madeAt, sealer: keys.sealer, in: tx)
        }
    }

    /// On SQLite the folder's lock has told already.
    private func refuseAtWork(_ database: Database) throws {
        guard database.engine == .postgresql, try database.hasTable("nodes") else { return }
        let alive = try database.read { tx in try NodesTable.alive(in: tx) }
        guard let node = alive.first else { return }
        throw BackupError("\(node.name) works on this database: stop every server and worker first")
    }

    private func checkSpace() throws {
        guard let space = DiskSpace(of: options.data), space.freeBytes < backup.manifest.bytes else { return }
        throw BackupError(
            "the backup unpacks to \(backup.manifest.bytes >> 20) MB, and \(space.freeMegabytes) MB are free: make room"
        )
    }

    private func stage(_ stops: CarriedStops) throws -> Settled {
        let database = try place.stage()
        defer { database.close() }
        try database.migrate(series, program: Host.schema, upTo: backup.manifest.migrations)
        let shapes = try database.tables().filter { $0.name != RestoreLease.table }
        try TableLoading(backup: backup, database: database).run(into: shapes)
        guard try database.read({ try ConsentHead.read(in: $0) }) == backup.manifest.consentHead else {
            throw BackupError("the chain of consents does not end where the backup says: nothing was replaced")
        }
        let installed = series.filter {
            $0.name == HostSchema.series.name || backup.manifest.migrations[$0.name] != nil
        }
        try database.migrate(installed, program: Host.schema)
        return try settle(database, stops)
    }

    /// A database of another day: nobody is signed in, nothing is in anybody's hands, nothing is sent until the owner
    /// has said so, and who has said STOP since stays stopped.
    private func settle(_ database: Database, _ stops: CarriedStops) throws -> Settled {
        let (now, sealer, manifest) = (clock.now(), keys.sealer, backup.manifest)
        return try database.load { tx in
            if (try? SealingKey.check(sealer, in: tx)) == nil { try SealingKey.set(sealer.current, at: now, in: tx) }
            let hostKeys = try HostKeys.load(sealer: sealer, at: now, in: tx)
            try BackgroundWork.takeOver(at: now, in: tx)
            try NodesTable.removeAll(in: tx)
            try SessionsTable.endAll(in: tx)
            try HalfSignInsTable.endAll(in: tx)
            try AccountLinksTable.endAll(in: tx)
            try StartLinksTable.endAll(in: tx)
            let count = try stops.apply(keys: hostKeys, sealer: sealer, at: now, in: tx)
            try InstanceTable.hold(.restored, at: now, in: tx)
            let entry = AuditEntry(
                id: ID.make(at: now), at: now, actor: CommandActor.name, action: "backup.restored", subject: "backup",
                data: ["made_at": manifest.madeAt.rfc3339, "stops": String(count)])
            try AuditTable.add(entry, in: tx)
            return Settled(stops: count, entry: entry.id)
        }
    }
}
