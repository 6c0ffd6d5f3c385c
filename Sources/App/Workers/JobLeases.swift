import Core
import Database
import Messaging
import SQL
import Store
import Synchronization

/// The leases of the jobs that this process runs at this moment, kept alive while they run: a job may take long and
/// say nothing for a while, and another node takes it over soon after this one has died.
///
///     keep ──▶ held ──renew (in time)──▶ held ──drop──▶ gone
///                └──renew came too late, or found it in other hands──▶ lost
///
/// A process that was stopped looks at the clock before it asks: a lease that nobody renewed for its time is lost until
/// the database says otherwise.
final class JobLeases: Sendable {
    /// So long a job is nobody's when its node dies.
    static let span = Timestamp.Span.seconds(20)
    /// How often leases are renewed.
    static let turn = Timestamp.Span.seconds(5)
    /// Before its end a lease counts for nothing any more.
    private static let margin = Timestamp.Span.seconds(3)

    private struct Held {
        let job: Job
        /// `sinceBoot` before it was last claimed or renewed.
        var since: Timestamp.Span
    }

    private let context: MessagingContext
    private let held = Mutex<[ID: Held]>([:])

    init(_ context: MessagingContext) { self.context = context }

    /// - Parameter time: `sinceBoot` before the job was claimed.
    func keep(_ job: Job, since time: Timestamp.Span) {
        held.withLock { $0[job.id] = Held(job: job, since: time) }
    }

    func drop(_ job: Job) { held.withLock { _ = $0.removeValue(forKey: job.id) } }

    /// Whether nobody else can have begun this job meanwhile.
    func isHeld(_ job: Job) -> Bool {
        let now = context.clock.sinceBoot()
        return held.withLock { held in
            guard let known = held[job.id], known.job.claim == job.claim else { return false }
            return now < known.since + Self.span - Self.margin
        }
    }

    /// Renews all of them in one statement; one that is no longer ours is lost.
    /// - Returns: when to come again; nil while there are none.
    func renew() throws -> Timestamp? {
        let jobs = held.withLock { $0.values.map(\.job) }
        guard !jobs.isEmpty else { return nil }
        let time = context.clock.sinceBoot()
        let renewed = try context.database.writeBatch { tx in try JobsTable.renew(jobs, lease: Self.span, in: tx) }
        held.withLock { held in
            for job in jobs where held[job.id]?.job.claim == job.claim {
                if renewed.contains(job.id) { held[job.id]?.since = time } else { held[job.id] = nil }
            }
        }
        return context.clock.now() + Self.turn
    }
}
