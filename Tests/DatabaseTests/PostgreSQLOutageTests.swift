import Core
import Database
import SQL
import Synchronization
import TestSupport
import Testing

/// A server that goes away, and what those who use it meet.
@Suite(.enabled(if: TestDatabase.engines.contains(.postgresql)))
struct PostgreSQLOutageTests {
    private let clock = SystemClock()

    private func spent(_ body: () throws -> Void) rethrows -> Timestamp.Span {
        let start = clock.sinceBoot()
        try body()
        return clock.sinceBoot() - start
    }

    /// Adds one again and again until it succeeds.
    private func recover(_ database: Database) throws -> Timestamp.Span {
        let start = clock.sinceBoot()
        while clock.sinceBoot() - start < .seconds(20) {
            do {
                try Counters.add(1, in: database)
                break
            } catch let error as DatabaseError where error.kind == .unavailable {}
        }
        return clock.sinceBoot() - start
    }

    @Test func `while the server is away all are refused at once, and back it is found by itself`() throws {
        let server = try PostgresServer()
        let lines = Mutex<[String]>([])
        let log = Log(clock: clock) { line in lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
        let database = try server.database(at: server.address, log: log)
        defer { database.close() }
        try database.migrate([Counters.series], program: 1)
        try server.stop()
        let refused = Mutex(0)
        let time = try spent {
            try Concurrently.run(16) { _ in
                for _ in 0..<20 {
                    let error = #expect(throws: DatabaseError.self) { try Counters.add(1, in: database) }
                    #expect(error?.kind == .unavailable)
                    refused.withLock { $0 += 1 }
                }
            }
        }
        #expect(refused.withLock { $0 } == 320)
        #expect(time < .seconds(5))
        try server.start()
        #expect(try recover(database) < .milliseconds(2500))
        #expect(try Counters.value(in: database) == 1)
        // Said once, not for each of the three hundred.
        #expect(lines.withLock { $0.count { $0.contains("database.unreachable") } } == 1)
        #expect(lines.withLock { $0.count { $0.contains("database.reachable") } } == 1)
    }

    @Test func `idle connections survive a restart unnoticed`() throws {
        let server = try PostgresServer()
        let database = try server.database()
        defer { database.close() }
        try database.migrate([Counters.series], program: 1)
        try Concurrently.run(4) { _ in for _ in 0..<20 { try Counters.add(1, in: database) } }
        try server.restart()
        for _ in 0..<8 { try Counters.add(1, in: database) }
        #expect(try Counters.value(in: database) == 88)
    }

    @Test func `a frozen server holds nobody for long`() throws {
        let server = try PostgresServer()
        let database = try server.database()
        defer { database.close() }
        try database.migrate([Counters.series], program: 1)
        try Concurrently.run(4) { _ in for _ in 0..<5 { try Counters.add(1, in: database) } }
        server.pause()
        let slowest = Mutex(Timestamp.Span.zero)
        try Concurrently.run(24) { _ in
            let time = spent {
                // As one request does: whoever has waited for the first does not go on to wait for a connect.
                for _ in 0..<2 {
                    let error = #expect(throws: DatabaseError.self) { try Counters.add(1, in: database) }
                    #expect(error?.kind == .unavailable)
                }
            }
            slowest.withLock { $0 = max($0, time) }
        }
        #expect(slowest.withLock { $0 } < .seconds(12))
        // Known to be away by now.
        let later = spent { _ = #expect(throws: DatabaseError.self) { try Counters.add(1, in: database) } }
        #expect(later < .seconds(6))
        server.resume()
        #expect(try recover(database) < .milliseconds(2500))
        // Those that the server went on with after all have not committed: their COMMIT was never sent.
        #expect(try Counters.value(in: database) == 21)
    }

    @Test func `a commit whose answer is lost is not repeated, and said to be unknown`() throws {
        let server = try PostgresServer()
        // The commit waits here, on the server, until the connection is cut.
        try server.administer(
            "CREATE TABLE slow (id BIGINT PRIMARY KEY)",
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END'",
            """
            CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION dawdle()
            """)
        let database = try server.database()
        let other = try server.database()
        defer {
            database.close()
            other.close()
        }
        let runs = Mutex(0)
        let cutting = try Concurrently(1) { _ in
            let end = SystemClock().sinceBoot() + .seconds(20)
            while SystemClock().sinceBoot() < end {
                let cut = try other.writeBatch { tx in
                    try tx.rows(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE query = 'COMMIT' AND wait_event = 'PgSleep'
                        """
                    ).count
                }
                if cut > 0 { return }
            }
        }
        let error = #expect(throws: DatabaseError.self) {
            try database.write { tx in
                runs.withLock { $0 += 1 }
                try tx.run("INSERT INTO slow (id) VALUES (1)")
            }
        }
        try cutting.finish()
        #expect(runs.withLock { $0 } == 1)
        #expect(error?.kind == .unavailable)
        #expect(error?.message == "the connection ended during COMMIT; whether it took effect is not known")
    }

    @Test func `a closure that was cut off on its way runs again`() throws {
        let server = try PostgresServer()
        let database = try server.database()
        defer { database.close() }
        try database.migrate([Counters.series], program: 1)
        let runs = Mutex(0)
        try database.write { tx in
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            try tx.run("UPDATE counters SET value = value + 1")
            if run == 1 {
                server.kill()
                try server.start()
            }
            try tx.runAll(["UPDATE counters SET value = value + 1", "UPDATE counters SET value = value + 1"])
        }
        #expect(runs.withLock { $0 } == 2)
        #expect(try Counters.value(in: database) == 3)
    }
}
