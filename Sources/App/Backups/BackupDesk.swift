import Core
import Crypto
import Database
import Domain
import SQL
import Store

/// Makes backups and puts on record how they went: in the table, the audit log and the log file. The head of the chain
/// of consents goes to all three, so that a tail that is cut off later is found.
struct BackupDesk: Sendable {
    private let database: Database
    private let keyring: Keyring
    private let site: Site
    private let dataFolder: String
    private let clock: any Clock
    private let log: Log

    init(_ foundation: Foundation, dataFolder: String, clock: any Clock, log: Log) {
        database = foundation.database
        keyring = foundation.keyring
        site = HostSettings.site(foundation.settings)
        self.dataFolder = dataFolder
        self.clock = clock
        self.log = log
    }

    init(_ host: Host) {
        database = host.database
        keyring = host.keyring
        site = host.site
        dataFolder = host.options.data
        clock = host.clock
        log = host.log
    }

    /// - Parameters:
    ///   - path: a file that does not exist yet.
    ///   - passphrase: seals the master key, which is else left out.
    ///   - actor: who asked for it.
    ///   - preparing: done first; when it fails, so has the backup.
    ///   - progress: told every so often how many rows are written; what it throws ends the work.
    @discardableResult
    func make(
        at path: String, passphrase: Secret? = nil, by actor: String, preparing: () throws -> Void = {},
        progress: (Int) throws -> Void = { _ in }
    ) throws -> BackupMaker.Outcome {
        let started = clock.now()
        var run = BackupRun(
            id: ID.make(at: started), file: BackupPlace.absolute(path), node: MachineName.current, actor: actor,
            startedAt: started, duration: .zero)
        do {
            try preparing()
            let sealer = keyring.sealer
            let sealedKey = try passphrase.map {
                try PassphraseBox.seal(KeyFile.bytes(of: sealer.keys), passphrase: $0)
            }
            let maker = BackupMaker(
                database: database, dataFolder: dataFolder, sealer: sealer, site: site, clock: clock,
                sealedKey: sealedKey)
            let outcome = try maker.write(to: path, progress: progress)
            run.duration = clock.now() - started
            run.bytes = outcome.bytes
            run.rows = outcome.manifest.rows
            run.hasKey = outcome.manifest.hasKey
            note(run, outcome.manifest.consentHead)
            return outcome
        } catch let stopped as BackupStopped {
            throw stopped
        } catch {
            // Whoever typed the command has it before their eyes: nobody else is to be alarmed by a mistyped name.
            guard actor != CommandActor.name else { throw error }
            run.duration = clock.now() - started
            run.error = String(describing: error)
            note(run, nil)
            throw error
        }
    }

    /// A backup counts, whether or not this can be written: it may have been made because the disk is full.
    private func note(_ run: BackupRun, _ head: ConsentHead?) {
        let now = clock.now()
        do {
            try database.write { tx in
                try BackupsTable.add(run, in: tx)
                guard run.error == nil else { return }
                try AuditTable.add(
                    AuditEntry(
                        id: ID.make(at: now), at: now, actor: run.actor, action: "backup.made",
                        subject: "backup:\(run.id)",
                        data: [
                            "file": run.file, "rows": String(run.rows), "bytes": String(run.bytes),
                            "consent_head": head?.description ?? "",
                        ]),
                    in: tx)
            }
        } catch {
            log.error("backup not put on record", ["error": .error(error)])
        }
        if run.error == nil {
            log.info(
                "backup made",
                [
                    "file": .text(run.file), "rows": .init(run.rows), "bytes": .init(run.bytes),
                    "consent_head": .text(head?.description ?? ""),
                ])
        }
    }

    /// Takes backups of this machine off the list whose files were removed to make room; the audit log still knows them.
    func forget(_ files: [String]) {
        guard !files.isEmpty else { return }
        do {
            try database.write { tx in
                try BackupsTable.remove(files.map(BackupPlace.absolute), on: MachineName.current, in: tx)
            }
        } catch {
            log.warning("removed backups still listed", ["error": .error(error)])
        }
    }
}

/// The program ends, and the backup with it: it is made anew, which is no failure.
struct BackupStopped: Error {}
