import Core
import Database
import SQL
import Synchronization
import TestSupport
import Testing

/// What a closure may and may not do, alike on both engines.
@Suite struct TransactionTests {
    @Test(arguments: TestDatabase.engines)
    func `a closure that throws leaves nothing`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        struct Unwilling: Error {}
        #expect(throws: Unwilling.self) {
            try test.database.write { transaction in
                try transaction.run("INSERT INTO counters (id, value) VALUES (2, 2)")
                transaction.afterCommit { Issue.record("woke after a rollback") }
                throw Unwilling()
            }
        }
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM counters") } == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `a swallowed statement error still undoes the closure`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        let error = #expect(throws: DatabaseError.self) {
            try test.database.write { transaction in
                try transaction.run("INSERT INTO counters (id, value) VALUES (2, 2)")
                _ = try? transaction.run("INSERT INTO nowhere (id) VALUES (1)")
            }
        }
        #expect(error?.kind == .misuse)
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM counters") } == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `a unique key that says no is a constraint error without the value`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        let error = #expect(throws: DatabaseError.self) {
            try test.database.write { try $0.run("INSERT INTO counters (id, value) VALUES (1, \(987_654_321))") }
        }
        #expect(error?.kind == .constraint)
        #expect(error?.description.contains("987654321") == false)
    }

    enum Nesting: CaseIterable { case readInRead, readInWrite, writeInRead, writeInWrite, writeInBatch }

    @Test(arguments: TestDatabase.engines, Nesting.allCases)
    func `the database is out of reach inside a closure`(_ engine: Engine, _ nesting: Nesting) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        let database = test.database
        let error = #expect(throws: DatabaseError.self) {
            switch nesting {
            case .readInRead: try database.read { _ in try database.read { _ in } }
            case .readInWrite: try database.write { _ in try database.read { _ in } }
            case .writeInRead: try database.read { _ in try database.write { _ in } }
            case .writeInWrite: try database.write { _ in try database.write { _ in } }
            case .writeInBatch: try database.writeBatch { _ in try database.writeBatch { _ in } }
            }
        }
        #expect(error?.kind == .misuse)
        try Counters.add(1, in: database)
        #expect(try Counters.value(in: database) == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `a transaction is of no use after its closure`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        var kept: (any ReadTransaction)?
        try test.database.read { kept = $0 }
        let error = #expect(throws: DatabaseError.self) { try kept?.rows("SELECT 1") }
        #expect(error?.kind == .misuse)
    }

    @Test(arguments: TestDatabase.engines, ["COMMIT", "ROLLBACK", "BEGIN; SELECT 1"])
    func `a closure cannot end its transaction`(_ engine: Engine, _ sql: String) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        let error = #expect(throws: DatabaseError.self) {
            try test.database.write { transaction in
                try transaction.run(Query(stringLiteral: sql))
                try transaction.run("UPDATE counters SET value = 5")
            }
        }
        #expect(error?.kind == .misuse)
        #expect(try Counters.value(in: test.database) == 0)
    }

    @Test(arguments: TestDatabase.engines)
    func `a read cannot write`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        #expect(throws: DatabaseError.self) {
            try test.database.read { try $0.rows("UPDATE counters SET value = 5 RETURNING value") }
        }
        #expect(try Counters.value(in: test.database) == 0)
    }

    @Test(arguments: TestDatabase.engines)
    func `a read sees one moment`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        let database = test.database
        try database.read { transaction in
            let before = try Counters.value(in: transaction)
            try Concurrently.run(1) { _ in try Counters.add(1, in: database) }
            #expect(try Counters.value(in: transaction) == before)
        }
        #expect(try Counters.value(in: database) == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `wake-ups run after the commit, on the caller's thread`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        let database = test.database
        let seen = Mutex<[Int]>([])
        try Concurrently.run(1) { _ in
            try CallersThread.$isHere.withValue(true) {
                try database.write { transaction in
                    try transaction.run("UPDATE counters SET value = 7")
                    transaction.afterCommit {
                        guard CallersThread.isHere else { return }
                        // Outside the closure again, so the database answers.
                        let value = try? Counters.value(in: database)
                        seen.withLock { $0.append(value ?? -1) }
                    }
                }
            }
        }
        #expect(seen.withLock { $0 } == [7])
    }

    @Test(arguments: TestDatabase.engines)
    func `two threads that read, compare and write lose no step`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        let database = test.database
        let rounds = 100
        try Concurrently.run(2) { _ in
            for _ in 0..<rounds {
                try database.write { transaction in
                    let value = try Counters.value(in: transaction)
                    try transaction.run("UPDATE counters SET value = \(value + 1) WHERE id = 1")
                }
            }
        }
        #expect(try Counters.value(in: database) == 2 * rounds)
    }

    @Test(arguments: TestDatabase.engines)
    func `two threads that look before they insert make each row once`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        let database = test.database
        let made = Mutex(0)
        try Concurrently.run(2) { _ in
            for id in 10..<60 {
                let isNew = try database.write { transaction in
                    guard try transaction.count("SELECT count(*) FROM counters WHERE id = \(id)") == 0 else {
                        return false
                    }
                    try transaction.run("INSERT INTO counters (id, value) VALUES (\(id), 0)")
                    return true
                }
                if isNew { made.withLock { $0 += 1 } }
            }
        }
        #expect(made.withLock { $0 } == 50)
        #expect(try database.read { try $0.count("SELECT count(*) FROM counters") } == 51)
    }

    @Test(arguments: TestDatabase.engines)
    func `a batch of conditional updates hands each row to one thread`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        let database = test.database
        try database.write { transaction in
            for id in 100..<200 { try transaction.run("INSERT INTO counters (id, value) VALUES (\(id), 0)") }
        }
        let taken = Mutex(0)
        try Concurrently.run(2) { _ in
            for id in 100..<200 {
                let won = try database.writeBatch { transaction in
                    try transaction.rows("UPDATE counters SET value = 1 WHERE id = \(id) AND value = 0 RETURNING id")
                        .count
                }
                taken.withLock { $0 += won }
            }
        }
        #expect(taken.withLock { $0 } == 100)
    }

    @Test(arguments: TestDatabase.engines)
    func `a closed database refuses, twice closed too`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Counters.series])
        test.database.close()
        test.database.close()
        #expect(throws: DatabaseError.self) { try Counters.value(in: test.database) }
        #expect(throws: DatabaseError.self) { try Counters.add(1, in: test.database) }
    }
}

/// A mark that only the caller's thread carries.
private enum CallersThread {
    @TaskLocal static var isHere = false
}
