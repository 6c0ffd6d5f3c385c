import Core
import Glibc
import SQL
import Synchronization
import TestSupport
import Testing

@testable import Database

/// Who gets a connection, and how long one lives.
@Suite(.enabled(if: TestDatabase.engines.contains(.postgresql)))
struct PostgreSQLPoolTests {
    private func pool(_ test: TestDatabase, limit: Int, clock: any Clock) throws -> PostgreSQLPool {
        guard case .server(let address) = test.location else {
            throw DatabaseError(kind: .misuse, message: "a file has no pool")
        }
        return PostgreSQLPool(
            try PostgreSQLAddress(parsing: address), limit: limit, clock: clock, log: TestDatabase.quiet)
    }

    @Test func `who asked first is served first`() throws {
        let test = try TestDatabase(.postgresql)
        let pool = try pool(test, limit: 1, clock: SystemClock())
        defer { pool.close() }
        let held = try pool.take()
        let served = Mutex<[Int]>([])
        var waiting: [Concurrently] = []
        for number in 0..<6 {
            waiting.append(
                try Concurrently(1) { _ in
                    let connection = try pool.take()
                    served.withLock { $0.append(number) }
                    pool.giveBack(connection)
                })
            while pool.waiting <= number { sched_yield() }
        }
        pool.giveBack(held)
        for thread in waiting { try thread.finish() }
        #expect(served.withLock { $0 } == [0, 1, 2, 3, 4, 5])
        #expect(pool.count == 1)
    }

    @Test func `those that wait are told when it closes`() throws {
        let test = try TestDatabase(.postgresql)
        let pool = try pool(test, limit: 1, clock: SystemClock())
        let held = try pool.take()
        let waiting = try Concurrently(1) { _ in
            let error = #expect(throws: DatabaseError.self) { try pool.take() }
            #expect(error?.message == "the database is closed")
        }
        while pool.waiting == 0 { sched_yield() }
        pool.close()
        try waiting.finish()
        pool.giveBack(held)
        #expect(throws: DatabaseError.self) { try pool.take() }
    }

    @Test func `those that nobody needs are closed, and no connection lives for ever`() throws {
        let test = try TestDatabase(.postgresql)
        let clock = FixedClock()
        let pool = try pool(test, limit: 8, clock: clock)
        defer { pool.close() }
        let connections = try (0..<4).map { _ in try pool.take() }
        for connection in connections { pool.giveBack(connection) }
        #expect(pool.count == 4)
        // One goes on being used, the others lie idle.
        for _ in 0..<6 {
            clock.advance(by: .minutes(1))
            let connection = try pool.take()
            #expect(connection === connections[3])
            pool.giveBack(connection)
        }
        #expect(pool.count == 1)
        clock.advance(by: .minutes(25))
        let old = try pool.take()
        #expect(old === connections[3])
        pool.giveBack(old)
        #expect(pool.count == 0)
        let young = try pool.take()
        #expect(young !== old)
        pool.giveBack(young)
    }

    @Test func `no more statements stay prepared than are kept`() throws {
        let test = try TestDatabase(.postgresql)
        let prepared = try test.database.write { tx in
            for number in 0..<450 {
                #expect(try tx.count(Query(stringLiteral: "SELECT \(number)")) == number)
            }
            // More at once than are kept: each is there when its turn comes.
            let batch = (0..<400).map { Query(stringLiteral: "SELECT \($0 + 1000)") }
            #expect(try tx.runAll(batch).count == 400)
            return try tx.count("SELECT count(*) FROM pg_prepared_statements")
        }
        #expect((2...301).contains(prepared))
    }
}
