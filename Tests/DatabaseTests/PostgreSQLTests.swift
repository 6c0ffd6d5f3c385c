import Core
import Database
import SQL
import Synchronization
import TestSupport
import Testing

/// What only a server can do to its clients.
@Suite(.enabled(if: TestDatabase.engines.contains(.postgresql)))
struct PostgreSQLTests {
    @Test func `a connection that the server ended is replaced unnoticed`() throws {
        let test = try TestDatabase(.postgresql, migrating: [Counters.series])
        let other = try test.another()
        defer { other.close() }
        let server = try test.database.read { try $0.count("SELECT pg_backend_pid()") }
        try other.writeBatch { _ = try $0.rows("SELECT pg_terminate_backend(\(server)::int, 5000)") }
        try Counters.add(1, in: test.database)
        #expect(try Counters.value(in: test.database) == 1)
    }

    @Test func `a closure whose connection dies under it runs again`() throws {
        let test = try TestDatabase(.postgresql, migrating: [Counters.series])
        let other = try test.another()
        defer { other.close() }
        let runs = Mutex(0)
        try test.database.write { transaction in
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            try transaction.run("UPDATE counters SET value = value + 1")
            if run == 1 {
                let server = try transaction.count("SELECT pg_backend_pid()")
                // On a thread of its own: a closure may not use a database, and this one plays the outside world.
                try Concurrently.run(1) { _ in
                    try other.writeBatch { _ = try $0.rows("SELECT pg_terminate_backend(\(server)::int, 5000)") }
                }
            }
            try transaction.run("UPDATE counters SET value = value + 1")
        }
        #expect(runs.withLock { $0 } == 2)
        #expect(try Counters.value(in: test.database) == 2)
    }

    @Test func `a closure that stands still loses its transaction, and runs again though only COMMIT was left`() throws
    {
        let test = try TestDatabase(.postgresql, migrating: [Counters.series])
        let other = try test.another()
        defer { other.close() }
        let runs = Mutex(0)
        try test.database.write { transaction in
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            try transaction.run("UPDATE counters SET value = value + 1")
            // It may be slow rather than stopped: the second time it is given more.
            let limit = try transaction.first("SELECT current_setting('idle_in_transaction_session_timeout')")
            #expect(limit?.values == [.text(run == 1 ? "2s" : "8s")])
            guard run == 1 else { return }
            let server = try transaction.count("SELECT pg_backend_pid()")
            let clock = SystemClock()
            let end = clock.sinceBoot() + .seconds(30)
            // On a thread of its own: a closure may not use a database, and this one plays the outside world.
            try Concurrently.run(1) { _ in
                let isThere: Query = "SELECT count(*) FROM pg_stat_activity WHERE pid = \(server)"
                while try other.read({ try $0.count(isThere) }) > 0, clock.sinceBoot() < end {}
            }
            #expect(clock.sinceBoot() < end)
        }
        #expect(runs.withLock { $0 } == 2)
        #expect(try Counters.value(in: test.database) == 1)
    }

    @Test func `a write that always meets another is given up as contention, after many runs and much time`() throws {
        let clock = FixedClock()
        let test = try TestDatabase(.postgresql, clock: clock, migrating: [Counters.series])
        let other = try test.another()
        defer { other.close() }
        let runs = Mutex(0)
        let error = #expect(throws: DatabaseError.self) {
            try test.database.write { transaction in
                runs.withLock { $0 += 1 }
                clock.advance(by: .milliseconds(500))
                let value = try Counters.value(in: transaction)
                try Concurrently.run(1) { _ in try Counters.add(1, in: other) }
                try transaction.run("UPDATE counters SET value = \(value) WHERE id = 1")
            }
        }
        #expect(error?.kind == .contention)
        #expect(runs.withLock { $0 } == 16)
        #expect(try Counters.value(in: test.database) == 16)
    }

    @Test func `sixteen threads of two programs on one row are all served`() throws {
        let test = try TestDatabase(.postgresql, migrating: [Counters.series])
        let other = try test.another()
        defer { other.close() }
        let first = test.database
        try Concurrently.run(16) { thread in
            for _ in 0..<100 {
                try (thread % 2 == 0 ? first : other).write { transaction in
                    let value = try Counters.value(in: transaction)
                    try transaction.run("UPDATE counters SET value = \(value + 1) WHERE id = 1")
                }
            }
        }
        #expect(try Counters.value(in: first) == 1600)
    }

    @Test func `a changed column does not trip over prepared statements`() throws {
        let test = try TestDatabase(.postgresql, migrating: [Counters.series])
        let other = try test.another()
        defer { other.close() }
        let read: @Sendable (any WriteTransaction) throws -> SQLValue? = {
            try $0.first("SELECT value FROM counters WHERE id = 1")?.values[0]
        }
        #expect(try test.database.write(read) == .integer(0))
        try other.writeBatch { try $0.run("ALTER TABLE counters ALTER COLUMN value TYPE text USING value::text") }
        #expect(try test.database.write(read) == .text("0"))
    }

    @Test func `a pool of one serves many threads`() throws {
        var options = DatabaseOptions()
        options.connections = 1
        let test = try TestDatabase(.postgresql, options: options, migrating: [Counters.series])
        let database = test.database
        try Concurrently.run(4) { _ in
            for _ in 0..<25 { try Counters.add(1, in: database) }
        }
        #expect(try Counters.value(in: database) == 100)
    }
}

/// Addresses are read without a server.
@Suite struct DatabaseLocationTests {
    @Test func `a path is a file, an address is a server`() throws {
        #expect(try DatabaseLocation(parsing: "data/cartwright.db") == .file("data/cartwright.db"))
        #expect(try DatabaseLocation(parsing: "postgres://h/d").engine == .postgresql)
        #expect(try DatabaseLocation(parsing: "postgresql://h/d").engine == .postgresql)
    }

    @Test(arguments: ["", "mysql://h/d", "https://example.com/x"])
    func `anything else is refused`(_ text: String) {
        #expect(throws: DatabaseError.self) { try DatabaseLocation(parsing: text) }
    }

    @Test(arguments: [
        "postgresql://shop:hunter2@127.0.0.1:1/shop", "postgresql://shop:hunter2@[::1/shop",
    ])
    func `an address that leads nowhere is an error without its password`(_ address: String) throws {
        let location = try DatabaseLocation(parsing: address)
        let error = #expect(throws: DatabaseError.self) {
            try Database(location, clock: SystemClock(), log: TestDatabase.quiet)
        }
        #expect(error?.description.contains("hunter2") == false)
        #expect("\(location)".contains("hunter2") == false)
    }
}
