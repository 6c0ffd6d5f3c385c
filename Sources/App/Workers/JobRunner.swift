import Core
import Database
import Messaging
import PluginKit
import SQL
import Store
import Synchronization

/// Runs due jobs of the kinds that this process knows; long ones go in steps and go on after a restart.
struct JobRunner: Sendable {
    private static let mostTries = 20

    let context: MessagingContext
    let declarations: @Sendable () -> [JobDeclaration]
    let shouldStop: @Sendable () -> Bool
    let entered: Entered
    let leases: JobLeases

    /// Which intervals this process has entered: settings may change them while it runs. All its runners share one.
    final class Entered: Sendable {
        let intervals = Mutex<[String: Timestamp.Span?]>([:])
    }

    /// Enters the repeating jobs that are declared, without changing when they are due. One whose interval is off by
    /// now goes.
    func declare() throws {
        let now = context.clock.now()
        let wanted = declarations().map { (kind: $0.kind, every: $0.every) }
        let known = entered.intervals.withLock { $0 }
        let changed = wanted.filter { job in known[job.kind].map { $0 != job.every } ?? true }
        guard !changed.isEmpty else { return }
        try context.database.write { tx in
            for job in changed {
                if let every = job.every {
                    try JobsTable.declare(job.kind, every: every, at: now, in: tx)
                } else {
                    try JobsTable.undeclare(job.kind, in: tx)
                }
            }
        }
        entered.intervals.withLock { intervals in
            for job in changed { intervals.updateValue(job.every, forKey: job.kind) }
        }
    }

    func turn() throws -> Timestamp? {
        try declare()
        let now = context.clock.now()
        let known = Dictionary(declarations().map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        let owner = context.owner
        let time = context.clock.sinceBoot()
        let (jobs, kinds) = try context.database.writeBatch { tx -> ([Job], [String]) in
            let reason = try InstanceTable.heldFor(in: tx)
            let kinds = known.values.filter { $0.mayRun(whereHeldFor: reason) }.map(\.kind).sorted()
            guard !kinds.isEmpty else { return ([], []) }
            let jobs = try JobsTable.claim(
                kinds: kinds, owner: owner, lease: JobLeases.span, limit: 1, now: now, in: tx)
            return (jobs, kinds)
        }
        guard !kinds.isEmpty else { return nil }
        for job in jobs {
            guard let declaration = known[job.kind] else { continue }
            leases.keep(job, since: time)
            defer { leases.drop(job) }
            try run(job, declaration)
        }
        return try context.database.read { tx in try JobsTable.nextDue(kinds: kinds, in: tx) }
    }

    private func run(_ job: Job, _ declaration: JobDeclaration) throws {
        let (database, clock, leases) = (context.database, context.clock, self.leases)
        // Only what was told to stop is unfinished when it returns.
        let wasTold = Atomic(false)
        let run = JobRun(
            payload: job.payload, progress: job.progress,
            save: { progress in
                let time = clock.sinceBoot()
                let held = try database.writeBatch { tx in
                    try JobsTable.save(progress, of: job, lease: JobLeases.span, in: tx)
                }
                guard held else { throw JobFailure(.after(.seconds(1)), message: "the lease was lost") }
                leases.keep(job, since: time)
            },
            shouldStop: { [shouldStop] in
                let stops = shouldStop() || !leases.isHeld(job)
                if stops { wasTold.store(true, ordering: .relaxed) }
                return stops
            })
        do {
            try declaration.run(run)
            let now = context.clock.now()
            let isUnfinished = wasTold.load(ordering: .relaxed)
            try database.writeBatch { tx in
                if isUnfinished {
                    try JobsTable.release(job, at: now, in: tx)
                } else {
                    try JobsTable.finish(job, at: now, in: tx)
                }
            }
        } catch {
            try settle(job, error)
        }
    }

    private func settle(_ job: Job, _ error: any Error) throws {
        let message = String(describing: (error as? JobFailure)?.message ?? String(describing: error))
        context.log.error(
            "job failed",
            [
                "job": .text(job.id.description), "kind": .text(job.kind), "tries": .init(job.tries),
                "error": .error(error),
            ])
        let now = context.clock.now()
        var wait: Timestamp.Span? = .seconds(min(3600, 5 << Int64(min(job.tries, 12))))
        if let failure = error as? JobFailure {
            switch failure.retry {
            case .after(let span): wait = span
            case .never: wait = nil
            }
        }
        if job.tries >= Self.mostTries { wait = nil }
        try context.database.writeBatch { [wait] tx in
            if let wait {
                try JobsTable.failed(job, error: message, at: now, again: now + wait, in: tx)
            } else {
                try JobsTable.fail(job, error: message, at: now, in: tx)
            }
        }
    }
}
