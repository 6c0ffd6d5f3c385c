import Core
import Database
import SQL
import Synchronization
import TestSupport
import Testing

/// Behind PgBouncer each transaction may meet another server connection, and other clients met it before.
@Suite(.enabled(if: TestDatabase.engines.contains(.postgresql)))
struct PgBouncerTests {
    @Test func `many threads of two programs share a few server connections`() throws {
        let server = try PostgresServer()
        let bouncer = try PgBouncer(before: server, connections: 3)
        try server.administer("CREATE SCHEMA one", "CREATE SCHEMA two")
        // Each has its own schema, which the next user of a server connection must not inherit.
        let databases = try ["one", "two"].map { schema in
            try server.database(at: bouncer.address + "&pgbouncer=true&pool_size=8&options=-csearch_path%3D\(schema)")
        }
        defer { for database in databases { database.close() } }
        for database in databases { try database.migrate([Counters.series], program: 1) }
        try Concurrently.run(12) { thread in
            let database = databases[thread % 2]
            for round in 0..<25 {
                try database.write { tx in
                    let value = try Counters.value(in: tx)
                    try tx.run("UPDATE counters SET value = \(value + 1) WHERE id = 1")
                }
                let id = 100 + thread * 1000 + round
                try database.writeBatch { tx in
                    try tx.runAll([
                        "INSERT INTO counters (id, value) VALUES (\(id), 0)",
                        "UPDATE counters SET value = value + 1 WHERE id = \(id)",
                    ])
                }
                let query: Query = "SELECT value FROM counters WHERE id = \(id)"
                #expect(try database.read { try $0.count(query) } == 1)
            }
        }
        for database in databases {
            #expect(try Counters.value(in: database) == 150)
            #expect(try database.read { try $0.count("SELECT count(*) FROM counters") } == 151)
        }
        // Looked at past the proxy: nothing is prepared, and no more connections than it was allowed.
        let direct = try server.database()
        defer { direct.close() }
        let servers = try direct.read { tx in
            try tx.count(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        }
        #expect((1...3).contains(servers))
        let prepared = try databases[0].read { try $0.count("SELECT count(*) FROM pg_prepared_statements") }
        #expect(prepared == 0)
    }

    @Test func `each transaction has our limits, and leaves none behind`() throws {
        let server = try PostgresServer()
        let bouncer = try PgBouncer(before: server, connections: 1)
        let database = try server.database(at: bouncer.address + "&pgbouncer=true")
        defer { database.close() }
        let limit: Query = "SELECT current_setting('statement_timeout')"
        let reset: Query = "SELECT reset_val FROM pg_settings WHERE name = 'statement_timeout'"
        #expect(try database.read { try $0.first(limit)?.text(0) } == "8s")
        #expect(try database.write { try $0.first(limit)?.text(0) } == "8s")
        // Another program on the one server connection that there is.
        #expect(try server.ask("SHOW statement_timeout", at: bouncer.address) == "0")
        #expect(try database.read { try $0.first(reset)?.text(0) } == "0")
    }

    @Test func `nothing is heard through it, but announcing works`() throws {
        let server = try PostgresServer()
        let bouncer = try PgBouncer(before: server, connections: 2)
        let database = try server.database(at: bouncer.address + "&pgbouncer=true")
        defer { database.close() }
        #expect(database.listen { _ in } == nil)
        let direct = try server.database()
        defer { direct.close() }
        let heard = Monitor(false)
        let handle = try #require(
            direct.listen { topic in
                heard.withLock { $0 = topic == "jobs" }
                heard.wakeAll()
            })
        defer { handle.stop() }
        var isHeard = false
        let end = SystemClock().sinceBoot() + .seconds(20)
        while !isHeard, SystemClock().sinceBoot() < end {
            try database.announce(["jobs"])
            isHeard = heard.wait(atMost: .milliseconds(50)) { $0 ? true : nil } ?? false
        }
        #expect(isHeard)
    }

    @Test func `a failed statement and a server that went away leave the proxy usable`() throws {
        let server = try PostgresServer()
        let bouncer = try PgBouncer(before: server, connections: 2)
        let database = try server.database(at: bouncer.address + "&pgbouncer=true")
        defer { database.close() }
        try database.migrate([Counters.series], program: 1)
        let error = #expect(throws: DatabaseError.self) {
            try database.write { tx in
                try tx.run("UPDATE counters SET value = 5")
                try tx.run("INSERT INTO nowhere (id) VALUES (1)")
            }
        }
        #expect(error?.kind == .misuse)
        #expect(try Counters.value(in: database) == 0)
        try server.administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        try Counters.add(1, in: database)
        #expect(try Counters.value(in: database) == 1)
    }

    @Test func `an address that does not name the proxy is refused at the start`() throws {
        let server = try PostgresServer()
        let bouncer = try PgBouncer(before: server, connections: 2)
        let error = #expect(throws: DatabaseError.self) { try server.database(at: bouncer.address) }
        #expect(error?.kind == .unavailable)
        #expect(error?.message.contains("add pgbouncer=true to the address") == true)
    }
}
