import Core
import SQL

/// The one thread that writes: many closures share a transaction, and nobody is let go before its COMMIT.
///
///     together ──── COMMIT ───────────────────────▶ settled          runTogether
///        │ a closure threw: ROLLBACK
///        ├──▶ apart, a savepoint each ── COMMIT ──▶ settled          runApart
///        │        │
///        └────────┴─ the engine dropped the transaction, or COMMIT failed
///                 └▶ alone, a transaction each ───▶ settled          runAlone
///
/// A run that was rolled back leaves nothing: its results and `afterCommit` lists are replaced by the next run's.
/// Callers hold the queue's lock to append, the thread to take; everything else belongs to the thread.
final class SQLiteWriter: Sendable {
    /// One place in the queue: a closure, or work outside any transaction (checkpoint, copy).
    private enum Entry: Sendable {
        case job(any WriteJob)
        case turn(@Sendable (SQLiteConnection) -> Void)
    }

    private struct Queue {
        var entries: [Entry] = []
        var isClosed = false
    }

    private let connection: SQLiteConnection
    private let clock: any Clock
    private let tally: Tally
    private let committed: @Sendable (_ logFrames: Int) -> Void
    private let queue = Monitor(Queue())

    /// How long a batch waits for another program's lock (ms). Callers have clients who wait, so while the lock stays
    /// taken the next ones ask only in passing.
    private static let patience: (first: Int32, later: Int32) = (4000, 250)
    private static let largestBatch = 256
    private static let longestBatch = Timestamp.Span.milliseconds(5)

    /// - Parameter committed: told after each commit how many pages the write-ahead log has.
    init(
        _ connection: SQLiteConnection, clock: any Clock, tally: Tally,
        committed: @escaping @Sendable (_ logFrames: Int) -> Void
    ) {
        self.connection = connection
        self.clock = clock
        self.tally = tally
        self.committed = committed
        connection.setPatience(milliseconds: Self.patience.first)
    }

    /// Queues the closure and blocks until it is durable or has failed.
    func write<T: Sendable>(
        _ reach: StatementReach, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) throws -> T {
        let job = PendingWrite(reach, tally, body)
        try enqueue(.job(job))
        return try job.wait()
    }

    /// Queues work outside any transaction and blocks until it has been done.
    func turn<T: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(DatabaseError) -> T
    ) throws(DatabaseError) -> T {
        let outcome = Monitor<Result<T, DatabaseError>?>(nil)
        try enqueue(
            .turn { connection in
                let result = Result { () throws(DatabaseError) in try body(connection) }
                outcome.withLock { $0 = result }
                outcome.wakeOne()
            })
        return try outcome.wait { $0 }.get()
    }

    var waiting: Int { queue.withLock { $0.entries.count } }

    /// Refuses new closures; `work` ends when the queued ones are done.
    func close() {
        queue.withLock { $0.isClosed = true }
        queue.wakeAll()
    }

    /// The thread's life: until `close`, then until the queue is empty. It lets go of the file at its end.
    func work() {
        defer { connection.close() }
        while true {
            var entries = queue.wait { queue -> ArraySlice<Entry>? in
                guard !queue.entries.isEmpty else { return queue.isClosed ? [] : nil }
                defer { queue.entries = [] }
                return queue.entries[...]
            }
            if entries.isEmpty { return }
            while let first = entries.first {
                switch first {
                case .job: runTogether(&entries)
                case .turn(let body):
                    entries.removeFirst()
                    body(connection)
                }
            }
        }
    }

    private func enqueue(_ entry: Entry) throws(DatabaseError) {
        let isAccepted = queue.withLock { queue in
            if !queue.isClosed { queue.entries.append(entry) }
            return !queue.isClosed
        }
        guard isAccepted else { throw .closed }
        queue.wakeOne()
    }

    /// Takes closures from the front of `entries` until the batch is large or long enough.
    private func runTogether(_ entries: inout ArraySlice<Entry>) {
        let beganAt = clock.sinceBoot()
        var jobs: [any WriteJob] = []
        let failedToBegin = begin()
        while case .job(let job)? = entries.first, jobs.count < Self.largestBatch,
            jobs.isEmpty || clock.sinceBoot() - beganAt < Self.longestBatch
        {
            entries.removeFirst()
            jobs.append(job)
            if let failedToBegin {
                job.fail(failedToBegin)
                continue
            }
            let ranToItsEnd = job.run(on: connection)
            guard connection.isInTransaction else { return runAlone(jobs) }
            guard ranToItsEnd else {
                connection.rollBack()
                // With nobody beside it the error is its own; running it again would tell nothing new.
                return jobs.count == 1 ? job.settle() : runApart(jobs)
            }
        }
        if failedToBegin == nil { finish(jobs) }
    }

    private func runApart(_ jobs: [any WriteJob]) {
        if let error = begin() { return jobs.forEach { $0.fail(error) } }
        for job in jobs {
            do {
                try connection.control("SAVEPOINT closure")
                let ranToItsEnd = job.run(on: connection)
                guard connection.isInTransaction else { return runAlone(jobs) }
                if !ranToItsEnd { try connection.control("ROLLBACK TO closure") }
                try connection.control("RELEASE closure")
            } catch {
                connection.rollBack()
                return runAlone(jobs)
            }
        }
        finish(jobs)
    }

    private func runAlone(_ jobs: [any WriteJob]) {
        for job in jobs {
            if let error = begin() {
                job.fail(error)
                continue
            }
            guard job.run(on: connection) else {
                connection.rollBack()
                job.settle()
                continue
            }
            if let error = commit() { job.fail(error) } else { job.settle() }
        }
    }

    private func finish(_ jobs: [any WriteJob]) {
        guard commit() == nil else { return runAlone(jobs) }
        for job in jobs { job.settle() }
    }

    private func begin() -> DatabaseError? {
        // What is written to a file that nobody finds again would be lost, and its callers told that it is kept.
        guard !connection.hasMoved else {
            return DatabaseError(
                kind: .unavailable, message: "the database file was moved or removed while it is in use", trouble: .gone
            )
        }
        do {
            try connection.control("BEGIN IMMEDIATE")
            connection.setPatience(milliseconds: Self.patience.first)
            return nil
        } catch {
            if error.trouble == .busy { connection.setPatience(milliseconds: Self.patience.later) }
            return error
        }
    }

    /// A transaction that the engine dropped makes COMMIT fail ("no transaction is active"), so it is noticed here too.
    private func commit() -> DatabaseError? {
        do {
            try connection.control("COMMIT")
            committed(connection.logFrames)
            return nil
        } catch {
            connection.rollBack()
            return error
        }
    }
}
