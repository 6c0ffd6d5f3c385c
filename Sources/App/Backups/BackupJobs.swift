import Core
import Database
import PluginKit
import SQL
import Store

/// The backups that the house makes by itself, and the one that somebody asks for. They have a thread of their own: one
/// may take minutes, and must keep nothing else waiting. Of many nodes one does it; what was asked for on a page is done
/// by a node that has pages, so that it can be downloaded there.
struct BackupJobs {
    static let scheduled = "host.backup"
    static let asked = "host.backup_now"
    /// Who stands in the audit log for the schedule.
    static let actor = "schedule"

    private static let saveEvery = Timestamp.Span.seconds(10)

    private let host: Host

    init(_ host: Host) { self.host = host }

    var all: [JobDeclaration] {
        [
            JobDeclaration(kind: Self.scheduled, every: host.settings[BackupSettings.schedule], runsWhileHeld: true) {
                [host] run in
                guard try Self.isDue(host) else { return }
                try Self.make(host, run, by: Self.actor)
            },
            JobDeclaration(kind: Self.asked, every: nil, runsWhileHeld: true) { [host] run in
                try Self.make(host, run, by: run.payload)
            },
        ]
    }

    /// Those that this process does. One that has pages alone makes what was asked for on them all the same.
    var own: [JobDeclaration] {
        all.filter { $0.kind == Self.asked ? host.options.serves : host.options.workers }
    }

    /// Not on the day of the installation, when there is nothing yet, and not soon after one that somebody asked for.
    private static func isDue(_ host: Host) throws -> Bool {
        guard let span = host.settings[BackupSettings.schedule] else { return false }
        let standing = try host.database.read { tx in try BackupStanding(host, in: tx) }
        let now = host.clock.now()
        if let last = standing.lastGood { return (now - last.startedAt).milliseconds >= span.milliseconds / 2 }
        return standing.job.map { now - $0.createdAt >= span - .minutes(1) } ?? true
    }

    /// Whether this is the schedule's job, and its last turn looked and had none to make.
    static func foundNothingDue(_ job: Job, in tx: any ReadTransaction) throws -> Bool {
        guard job.kind == scheduled, job.owner == nil, job.lastError == nil, let begun = job.lastStartedAt else {
            return false
        }
        return try !BackupsTable.newest(10, in: tx).contains { $0.actor == actor && $0.startedAt >= begun }
    }

    private static func make(_ host: Host, _ run: JobRun, by actor: String) throws {
        let folder = BackupFolder(data: host.options.data)
        var saved = host.clock.sinceBoot()
        do {
            try BackupDesk(host).make(
                at: folder.path + "/" + BackupFolder.name(at: host.clock.now()), by: actor, preparing: folder.prepare
            ) { rows in
                if run.shouldStop() { throw BackupStopped() }
                guard host.clock.sinceBoot() - saved >= saveEvery else { return }
                saved = host.clock.sinceBoot()
                try run.save(String(rows))
            }
        } catch is BackupStopped {
            return
        } catch let lost as JobFailure {
            throw lost
        } catch {
            // A full disk does not get emptier by trying every few seconds.
            throw JobFailure(.after(.minutes(10)), message: String(describing: error))
        }
        BackupDesk(host).forget(folder.keep(host.settings[BackupSettings.keep]))
    }
}
