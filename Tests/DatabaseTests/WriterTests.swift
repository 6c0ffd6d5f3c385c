import Core
import Database
import Glibc
import SQL
import Synchronization
import TestSupport
import Testing

/// Many closures share one commit on SQLite; none may feel it.
@Suite struct WriterTests {
    /// Queues `count` closures while the writer is held by one, so that they make one batch, then lets go.
    private func inOneBatch(
        _ database: Database, count: Int, _ body: @escaping @Sendable (Int) throws -> Void
    ) throws {
        let gate = Monitor(false)
        let isHeld = Monitor(false)
        let holder = try Concurrently(1) { _ in
            try database.write { _ in
                isHeld.withLock { $0 = true }
                isHeld.wakeOne()
                gate.wait { $0 ? () : nil }
            }
        }
        isHeld.wait { $0 ? () : nil }
        let callers = try Concurrently(count, body)
        while database.waitingWrites < count { sched_yield() }
        gate.withLock { $0 = true }
        gate.wakeOne()
        try holder.finish()
        try callers.finish()
    }

    private struct Unwilling: Error, Equatable { let number: Int }

    @Test func `closures that throw cost their neighbours a run, never their rows`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        let database = test.database
        let runs = Mutex(0)
        let wakes = Mutex<[Int]>([])
        let failures = Mutex<[Int]>([])
        try inOneBatch(database, count: 12) { number in
            do {
                let told = try database.write { transaction in
                    let run = runs.withLock { runs in
                        runs += 1
                        return runs
                    }
                    try transaction.run("INSERT INTO counters (id, value) VALUES (\(number + 10), \(run))")
                    transaction.afterCommit { wakes.withLock { $0.append(run) } }
                    if number % 4 == 3 { throw Unwilling(number: number) }
                    return run
                }
                let kept = try database.read {
                    try $0.count("SELECT value FROM counters WHERE id = \(number + 10)")
                }
                // What a caller is told comes from the very run whose rows were kept.
                #expect(told == kept)
            } catch let error as Unwilling {
                #expect(error.number == number)
                failures.withLock { $0.append(number) }
            }
        }
        #expect(failures.withLock { $0.sorted() } == [3, 7, 11])
        let kept = try database.read { try $0.rows("SELECT id, value FROM counters WHERE id >= 10 ORDER BY id") }
        #expect(try kept.map { try $0.int(0) - 10 } == [0, 1, 2, 4, 5, 6, 8, 9, 10])
        // Only the kept runs woke anyone, each once.
        #expect(try wakes.withLock { $0.sorted() } == kept.map { try $0.int(1) }.sorted())
        #expect(runs.withLock { $0 } > 12, "the batch was to be run a second time")
    }

    @Test func `closures that all succeed run once`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        let database = test.database
        let runs = Mutex(0)
        try inOneBatch(database, count: 20) { _ in
            try database.write { transaction in
                runs.withLock { $0 += 1 }
                try transaction.run("UPDATE counters SET value = value + 1")
            }
        }
        #expect(runs.withLock { $0 } == 20)
        #expect(try Counters.value(in: database) == 20)
    }

    @Test func `a commit that fails is the error of the closure that broke it alone`() throws {
        let deferred = MigrationSeries(
            name: "children",
            migrations: [
                Migration(
                    1, "children",
                    sqlite: [
                        """
                        CREATE TABLE children (
                          id INTEGER PRIMARY KEY,
                          parent INTEGER NOT NULL REFERENCES counters (id) DEFERRABLE INITIALLY DEFERRED)
                        """
                    ])
            ])
        let test = try TestDatabase(.sqlite, migrating: [Counters.series, deferred])
        let database = test.database
        let refused = Mutex<[Int]>([])
        try inOneBatch(database, count: 6) { number in
            do {
                try database.write { transaction in
                    let parent = number == 4 ? 99 : 1
                    try transaction.run("INSERT INTO children (id, parent) VALUES (\(number), \(parent))")
                }
            } catch let error as DatabaseError {
                #expect(error.kind == .constraint)
                refused.withLock { $0.append(number) }
            }
        }
        #expect(refused.withLock { $0 } == [4])
        let kept = try database.read { try $0.rows("SELECT id FROM children ORDER BY id") }
        #expect(try kept.map { try $0.int(0) } == [0, 1, 2, 3, 5])
    }

    @Test func `many threads, some of them failing, keep exactly what they were told`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        let database = test.database
        let kept = Mutex(0)
        try Concurrently.run(8) { thread in
            for round in 0..<60 {
                let number = thread * 60 + round
                do {
                    try database.write { transaction in
                        try transaction.run("UPDATE counters SET value = value + 1")
                        if number % 7 == 0 { throw Unwilling(number: number) }
                    }
                    kept.withLock { $0 += 1 }
                } catch is Unwilling {}
            }
        }
        #expect(try Counters.value(in: database) == kept.withLock { $0 })
        #expect(kept.withLock { $0 } == (0..<480).count { $0 % 7 != 0 })
    }

    @Test func `a full disk stops who does not fit and nobody else`() throws {
        var options = DatabaseOptions()
        options.pageLimit = 40
        let test = try TestDatabase(.sqlite, options: options, migrating: [Counters.series])
        let database = test.database
        let large = [UInt8](repeating: 7, count: 200_000)
        let refused = Mutex<[Int]>([])
        try inOneBatch(database, count: 6) { number in
            do {
                try database.write { transaction in
                    try transaction.run(
                        "INSERT INTO counters (id, value, note) VALUES (\(number + 10), 1, \(number == 3 ? large : []))"
                    )
                }
            } catch let error as DatabaseError {
                #expect(error.kind == .unavailable)
                refused.withLock { $0.append(number) }
            }
        }
        #expect(refused.withLock { $0 } == [3])
        #expect(try database.read { try $0.count("SELECT count(*) FROM counters WHERE id >= 10") } == 5)
    }

    @Test func `closing lets the queued closures finish`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        let other = try test.another()
        try inOneBatch(other, count: 5) { _ in try Counters.add(1, in: other) }
        other.close()
        #expect(try Counters.value(in: test.database) == 5)
    }
}
