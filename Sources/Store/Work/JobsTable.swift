package import Core
package import SQL

/// A piece of background work, once or every so often.
package struct Job: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// Due some time, or being worked under a lease.
        case waiting
        case done
        /// Given up; `lastError` says why.
        case failed
    }

    package var id: ID
    package var kind: String
    /// What the kind needs to know; its own form, mostly JSON.
    package var payload: String
    package var dedupeKey: String?
    package var repeatsEvery: Timestamp.Span?
    package var state: State
    package var dueAt: Timestamp
    /// How often it was begun since it last went well.
    package var tries: Int
    /// What the last step saved; empty at the first.
    package var progress: String
    package var lastError: String?
    package var createdAt: Timestamp
    package var lastStartedAt: Timestamp?
    package var lastFinishedAt: Timestamp?
    package var lastFailedAt: Timestamp?
    /// How long its last turn took, well or ill.
    package var lastDuration: Timestamp.Span?
    /// Who works it, while the lease lasts.
    package var owner: String?
    /// Proves to the table that it is still this claim that speaks.
    package var claim: ID?

    /// One that is due for longer than this, and that nobody works, is overdue: there is no worker, or it does not
    /// keep up.
    package static let patience = Timestamp.Span.minutes(5)

    package func isOverdue(at now: Timestamp) -> Bool {
        state == .waiting && owner == nil && now - dueAt > Self.patience
    }
}

/// The queue of background work.
///
///     enqueue ──▶ waiting ──claim──▶ (leased) ──finish──▶ done, or waiting again when it repeats
///                    ▲                  │ ├──failed(again), release──▶ waiting
///                    └───lease ended────┘ └──fail──▶ failed, or waiting again when it repeats
///
/// A job whose worker died is simply claimed again once its lease has ended; it goes on from its progress.
package enum JobsTable {
    private static let columns: Query = """
        id, kind, payload, dedupe_key, repeats_every, state, due_at, tries, progress, last_error, created_at,
        last_started_at, last_finished_at, owner, claim, last_failed_at, last_milliseconds
        """

    /// - Parameter dedupe: while a job with this key waits, asking again changes nothing.
    /// - Returns: whether a job was added.
    @discardableResult
    package static func enqueue(
        _ kind: String, payload: String, dedupe: String? = nil, due: Timestamp, repeatsEvery: Timestamp.Span? = nil,
        at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            INSERT INTO jobs (id, kind, payload, dedupe_key, repeats_every, state, due_at, tries, lease_until,
                created_at)
            VALUES (\(ID.make(at: now)), \(kind), \(payload), \(dedupe), \(repeatsEvery?.milliseconds), 'waiting',
                \(due), 0, 0, \(now))
            ON CONFLICT (dedupe_key) DO NOTHING
            """) > 0
    }

    /// Makes sure that a repeating job stands with this interval; its next turn stays where it is, or moves nearer.
    package static func declare(
        _ kind: String, every span: Timestamp.Span, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        let key = "every:" + kind
        if try enqueue(kind, payload: "", dedupe: key, due: now, repeatsEvery: span, at: now, in: tx) { return }
        let latest = now + span
        try tx.run(
            """
            UPDATE jobs
            SET repeats_every = \(span.milliseconds),
                due_at = CASE WHEN due_at > \(latest) THEN \(latest) ELSE due_at END
            WHERE dedupe_key = \(key) AND repeats_every <> \(span.milliseconds)
            """)
    }

    /// A repeating job's next turn is due at once; when it is at work, as soon as that turn is over.
    package static func hasten(_ kind: String, to now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE jobs SET due_at = \(now)
            WHERE dedupe_key = \("every:" + kind) AND (due_at > \(now) OR claim IS NOT NULL)
            """)
    }

    /// What waited while it might not run is late by nobody's fault: it counts as due now.
    package static func dueNow(before now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE jobs SET due_at = \(now) WHERE state = 'waiting' AND due_at < \(now)")
    }

    /// Removes a repeating job that nobody declares any more.
    package static func undeclare(_ kind: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM jobs WHERE dedupe_key = \("every:" + kind)")
    }

    /// Leases up to `limit` due jobs of the kinds that this process knows. Work that is asked for once frees its
    /// dedupe key here: what is asked for while it runs may be news that it has already passed by.
    package static func claim(
        kinds: [String], owner: String, lease: Timestamp.Span, limit: Int, now: Timestamp, in tx: any WriteTransaction
    ) throws -> [Job] {
        let clock = tx.engine.now
        return try tx.rows(
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM jobs
                WHERE state = 'waiting' AND due_at <= \(now) AND lease_until <= \(clock) AND kind IN \(.list(kinds))
                ORDER BY due_at, id LIMIT \(limit)\(tx.engine.skippingLocked)
            )
            UPDATE jobs
            SET claim = \(ID.make(at: now)), owner = \(owner), lease_until = \(clock) + \(lease.milliseconds),
                tries = tries + 1, last_started_at = \(now),
                dedupe_key = CASE WHEN repeats_every IS NULL THEN NULL ELSE dedupe_key END
            WHERE id IN (SELECT id FROM due)
            RETURNING \(columns)
            """
        ).map(job).sorted { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }
    }

    /// Keeps how far it came and renews the lease. False when the lease was lost: stop at once.
    package static func save(
        _ progress: String, of job: Job, lease: Timestamp.Span, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE jobs SET progress = \(progress), lease_until = \(tx.engine.now) + \(lease.milliseconds)
            WHERE \(isHeld(job))
            """) > 0
    }

    /// Renews the leases of jobs at work.
    /// - Returns: those that are still this claim's; the others were lost.
    package static func renew(_ jobs: [Job], lease: Timestamp.Span, in tx: any WriteTransaction) throws -> Set<ID> {
        let held = Query.joined(jobs.map { "(\(isHeld($0)))" }, " OR ")
        return try Set(
            tx.rows(
                """
                UPDATE jobs SET lease_until = \(tx.engine.now) + \(lease.milliseconds) WHERE \(held) RETURNING id
                """
            ).map { try $0.id(0) })
    }

    /// It went well: done, or waiting for its next turn. False when the lease was lost.
    @discardableResult
    package static func finish(_ job: Job, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try end(job, as: .done, error: nil, at: now, in: tx)
    }

    /// It went wrong for good; a repeating job has its next turn all the same. False when the lease was lost.
    @discardableResult
    package static func fail(
        _ job: Job, error: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        try end(job, as: .failed, error: error, at: now, in: tx)
    }

    /// It went wrong, and is tried again at `due`, from its progress. False when the lease was lost.
    @discardableResult
    package static func failed(
        _ job: Job, error: String, at now: Timestamp, again due: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE jobs SET due_at = \(due), last_error = \(error), last_failed_at = \(now),
                last_milliseconds = \(now) - last_started_at, claim = NULL, owner = NULL, lease_until = 0
            WHERE \(isHeld(job))
            """) > 0
    }

    /// Lets go of it unfinished, with its progress, for whoever comes next. False when the lease was lost.
    @discardableResult
    package static func release(_ job: Job, at due: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            """
            UPDATE jobs SET due_at = \(due), claim = NULL, owner = NULL, lease_until = 0 WHERE \(isHeld(job))
            """) > 0
    }

    /// When the scheduler has to look next; nil for never. A leased job counts when its lease ends; one of a kind that
    /// nobody here knows, as of a plugin that was deactivated, does not count.
    package static func nextDue(kinds: [String], in tx: any ReadTransaction) throws -> Timestamp? {
        try tx.first(
            """
            SELECT min(CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END) FROM jobs
            WHERE state = 'waiting' AND kind IN \(.list(kinds))
            """
        )?.timeOrNil(0)
    }

    /// Those that repeat, by kind.
    package static func repeating(in tx: any ReadTransaction) throws -> [Job] {
        try tx.rows(
            """
            SELECT \(columns) FROM jobs WHERE state = 'waiting' AND repeats_every IS NOT NULL ORDER BY kind LIMIT 500
            """
        ).map(job)
    }

    /// Those of these kinds that failed again and again or for good, and those that are overdue.
    /// - Parameter failedSince: what was given up before is history.
    package static func troubled(
        kinds: [String], failedSince: Timestamp, overdueBefore: Timestamp, in tx: any ReadTransaction
    ) throws -> [Job] {
        try tx.rows(
            """
            SELECT \(columns) FROM jobs
            WHERE kind IN \(.list(kinds)) AND (
                state = 'waiting' AND last_error IS NOT NULL
                    AND (tries = 0 OR tries - CASE WHEN claim IS NULL THEN 0 ELSE 1 END >= 3)
                OR state = 'waiting' AND due_at < \(overdueBefore) AND lease_until <= \(tx.engine.now)
                OR state = 'failed' AND last_finished_at >= \(failedSince))
            ORDER BY id LIMIT 100
            """
        ).map(job)
    }

    /// How many of a state there are, counted up to `cap`; those that repeat are always waiting and not counted.
    package static func count(_ state: Job.State, cap: Int, in tx: any ReadTransaction) throws -> Int {
        try tx.count(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM jobs WHERE state = \(state.rawValue) AND repeats_every IS NULL LIMIT \(cap)
            ) AS counted
            """)
    }

    /// Whether work of this kind that is done once waits or is being done.
    package static func isWaiting(_ kind: String, in tx: any ReadTransaction) throws -> Bool {
        try tx.first(
            "SELECT 1 FROM jobs WHERE state = 'waiting' AND repeats_every IS NULL AND kind = \(kind) LIMIT 1") != nil
    }

    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> Job? {
        try tx.first("SELECT \(columns) FROM jobs WHERE id = \(id)").map(job)
    }

    /// Those that do not repeat, newest first.
    package static func page(
        _ request: PageRequest, state: Job.State? = nil, in tx: any ReadTransaction
    ) throws -> Page<Job> {
        var conditions: [Query] = ["repeats_every IS NULL"]
        if let state { conditions.append("state = \(state.rawValue)") }
        if let after = request.after { conditions.append("id < \(after.id)") }
        let jobs = try tx.rows(
            """
            SELECT \(columns) FROM jobs WHERE \(Query.all(conditions))
            ORDER BY id DESC LIMIT \(request.limit + 1)
            """
        ).map(job)
        return Page(jobs, for: request) { Cursor(id: $0.id) }
    }

    /// Sets a failed or waiting job to be worked now.
    package static func runNow(_ id: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            """
            UPDATE jobs SET state = 'waiting', due_at = \(now), tries = 0
            WHERE id = \(id) AND state <> 'done' AND lease_until <= \(tx.engine.now)
            """) > 0
    }

    /// Everything of the kinds that begin so (`fax.`), also what was asked for and what is over.
    package static func removeAll(kindsFrom prefix: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM jobs WHERE \(begins(prefix))")
    }

    package static func count(kindsFrom prefix: String, in tx: any ReadTransaction) throws -> Int {
        try tx.count("SELECT count(*) FROM jobs WHERE \(begins(prefix))")
    }

    private static func begins(_ prefix: String) -> Query {
        "substr(kind, 1, length(\(prefix))) = \(prefix)"
    }

    /// SQLite, at start: the former process is dead, and so are its leases.
    package static func releaseAll(in tx: any WriteTransaction) throws {
        try tx.run("UPDATE jobs SET claim = NULL, owner = NULL, lease_until = 0 WHERE state = 'waiting'")
    }

    package static func removeEnded(before: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM jobs WHERE state IN ('done', 'failed') AND last_finished_at < \(before)")
    }

    private static func end(
        _ job: Job, as state: Job.State, error: String?, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        let next = job.repeatsEvery.map { now + $0 }
        // Hastened while it was at work: what was asked for may be news that it has already passed by.
        let due: Query = "CASE WHEN due_at > last_started_at THEN due_at ELSE \(next ?? job.dueAt) END"
        let failedAt = error == nil ? job.lastFailedAt : now
        return try tx.run(
            """
            UPDATE jobs
            SET state = \(next == nil ? state.rawValue : "waiting"), due_at = \(due),
                tries = 0, progress = NULL, last_error = \(error), last_finished_at = \(now),
                last_failed_at = \(failedAt), last_milliseconds = \(now) - last_started_at,
                claim = NULL, owner = NULL, lease_until = 0
            WHERE \(isHeld(job))
            """) > 0
    }

    private static func isHeld(_ job: Job) -> Query {
        "id = \(job.id) AND state = 'waiting' AND claim = \(job.claim)"
    }

    private static func job(_ row: Row) throws -> Job {
        Job(
            id: try row.id(0), kind: try row.text(1), payload: try row.text(2), dedupeKey: try row.textOrNil(3),
            repeatsEvery: try row.integerOrNil(4).map { .milliseconds($0) },
            state: Job.State(rawValue: try row.text(5)) ?? .failed, dueAt: try row.time(6), tries: try row.int(7),
            progress: try row.textOrNil(8) ?? "", lastError: try row.textOrNil(9), createdAt: try row.time(10),
            lastStartedAt: try row.timeOrNil(11), lastFinishedAt: try row.timeOrNil(12),
            lastFailedAt: try row.timeOrNil(15), lastDuration: try row.integerOrNil(16).map { .milliseconds($0) },
            owner: try row.textOrNil(13), claim: try row.idOrNil(14))
    }
}
