import Core
import Database
import Messaging
import PluginKit
import SQL
import Store

/// Runs due jobs of the kinds that this process knows; long ones go in steps and go on after a restart.
struct JobRunner: Sendable {
    private static let lease = Timestamp.Span.seconds(60)
    private static let mostTries = 20

    let context: MessagingContext
    let declarations: @Sendable () -> [JobDeclaration]
    let shouldStop: @Sendable () -> Bool

    /// Enters the repeating jobs that are declared, without changing when they are due.
    func declare() throws {
        let now = context.clock.now()
        let repeating = declarations().compactMap { job in job.every.map { (job.kind, $0) } }
        try context.database.write { tx in
            for (kind, every) in repeating { try JobsTable.declare(kind, every: every, at: now, in: tx) }
        }
    }

    func turn() throws -> Timestamp? {
        let now = context.clock.now()
        let known = Dictionary(declarations().map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        let kinds = known.keys.sorted()
        let owner = context.owner
        let jobs = try context.database.writeBatch { tx in
            try JobsTable.claim(
                kinds: kinds, owner: owner, lease: Self.lease, limit: 1, now: now, in: tx)
        }
        for job in jobs { if let declaration = known[job.kind] { try run(job, declaration) } }
        return try context.database.read { tx in try JobsTable.nextDue(kinds: kinds, in: tx) }
    }

    private func run(_ job: Job, _ declaration: JobDeclaration) throws {
        let database = context.database
        let run = JobRun(
            payload: job.payload, progress: job.progress,
            save: { progress in
                let held = try database.writeBatch { tx in
                    try JobsTable.save(progress, of: job, lease: Self.lease, in: tx)
                }
                guard held else { throw JobFailure(.after(.seconds(1)), message: "the lease was lost") }
            },
            shouldStop: shouldStop)
        do {
            try declaration.run(run)
            let now = context.clock.now()
            try database.writeBatch { tx in
                if shouldStop() {
                    try JobsTable.retry(job, at: now, error: nil, in: tx)
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
        context.log.error("job failed", ["kind": .text(job.kind), "error": .text(message)])
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
                try JobsTable.retry(job, at: now + wait, error: message, in: tx)
            } else {
                try JobsTable.fail(job, error: message, at: now, in: tx)
            }
        }
    }
}
