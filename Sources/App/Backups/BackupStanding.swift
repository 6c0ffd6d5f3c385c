import Core
import SQL
import Store

/// How it stands with backups at this moment: for the overview, the doctor and the page.
struct BackupStanding {
    /// The newest, well or ill.
    var last: BackupRun?
    var lastGood: BackupRun?
    /// Nil while the schedule is off.
    var every: Timestamp.Span?
    /// The schedule's job, once a server has entered it.
    var job: Job?
    /// Nobody who lives does the work, so the schedule makes none.
    var isUnworked: Bool
    /// The last good one lay on this machine, and is not where it was.
    var isLastGone: Bool

    init(_ host: Host, in tx: any ReadTransaction) throws {
        last = try BackupsTable.newest(1, in: tx).first
        lastGood = try BackupsTable.lastGood(in: tx)
        every = host.settings[BackupSettings.schedule]
        job = try JobsTable.repeating(in: tx).first { $0.kind == BackupJobs.scheduled }
        isUnworked = try NodesTable.isUnworked(in: tx)
        isLastGone = lastGood.map { BackupPlace($0, folder: BackupFolder(data: host.options.data)) } == .gone
    }

    /// Whether the schedule makes one at this moment: a job whose worker died keeps its owner's name.
    var isWorked: Bool { job?.owner != nil && !isUnworked }

    /// Twice the schedule has passed without one, or the time of the first.
    func isLate(at now: Timestamp) -> Bool {
        guard let every else { return false }
        if let lastGood { return now - lastGood.finishedAt > every * 2 }
        return job.map { now - $0.createdAt > max(every, .days(1)) + .hours(1) } ?? false
    }

    /// Why the newest one is none; nil when it is one.
    var failure: String? { last?.error }
}
