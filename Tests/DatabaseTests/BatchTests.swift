import Core
import Database
import SQL
import TestSupport
import Testing

/// Many statements in one call, alike on both engines.
@Suite struct BatchTests {
    private static let series = MigrationSeries(
        name: "host",
        migrations: [
            Migration(
                1, "things",
                common: [
                    """
                    CREATE TABLE things (
                      id INTEGER PRIMARY KEY, whole INTEGER, fraction REAL, words TEXT, bytes BLOB)
                    """
                ])
        ])

    private func insert(_ id: Int) -> Query { "INSERT INTO things (id, whole) VALUES (\(id), \(id * 2))" }
    private func count(_ test: TestDatabase) throws -> Int {
        try test.database.read { try $0.count("SELECT count(*) FROM things") }
    }

    @Test(arguments: TestDatabase.engines)
    func `each statement tells how many rows it changed`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.series])
        let changed = try test.database.writeBatch { tx in
            try tx.runAll([
                insert(1), insert(2), "UPDATE things SET whole = 7", "UPDATE things SET whole = 8 WHERE id = 3",
                "DELETE FROM things WHERE id = 1",
            ])
        }
        #expect(changed == [1, 1, 2, 0, 1])
        #expect(
            try test.database.read { try $0.first("SELECT id, whole FROM things")?.values } == [
                .integer(2), .integer(7),
            ])
    }

    @Test(arguments: TestDatabase.engines)
    func `nothing asked is nothing done`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.series])
        #expect(try test.database.writeBatch { try $0.runAll([]) } == [])
        try test.database.write { _ in }
    }

    @Test(arguments: TestDatabase.engines)
    func `ten thousand statements go through, and all of them are there`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.series])
        // Each is longer than its answer, and all together are more than any socket holds.
        let words = String(repeating: "ö", count: 500)
        let changed = try test.database.writeBatch { tx in
            try tx.runAll((1...10_000).map { "INSERT INTO things (id, words) VALUES (\($0), \(words))" })
        }
        #expect(changed == [Int](repeating: 1, count: 10_000))
        let sum = try test.database.read { try $0.first("SELECT count(*), sum(id), sum(length(words)) FROM things") }
        #expect(sum?.values == [.integer(10_000), .integer(50_005_000), .integer(5_000_000)])
    }

    @Test(arguments: TestDatabase.engines)
    func `answers longer than a socket holds come back whole`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.series])
        let bytes = [UInt8](repeating: 0xA5, count: 4 << 20)
        try test.database.writeBatch { try $0.run("INSERT INTO things (id, bytes) VALUES (1, \(bytes))") }
        #expect(try test.database.read { try $0.first("SELECT bytes FROM things")?.bytes(0) } == bytes)
    }

    @Test(arguments: TestDatabase.engines)
    func `values of every kind arrive`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.series])
        let rows: [[SQLValue]] = [
            [.integer(.max), .real(-0.1), .text("Ä'\"\\ 𝕏"), .bytes([0, 255, 39])],
            [.integer(.min), .real(.greatestFiniteMagnitude), .text(""), .bytes([])],
            [.null(.integer), .null(.real), .null(.text), .null(.bytes)],
        ]
        try test.database.writeBatch { tx in
            try tx.runAll(
                rows.enumerated().map { id, row in
                    """
                    INSERT INTO things (id, whole, fraction, words, bytes)
                    VALUES (\(id), \(row[0]), \(row[1]), \(row[2]), \(row[3]))
                    """
                })
        }
        let read = try test.database.read {
            try $0.rows("SELECT whole, fraction, words, bytes FROM things ORDER BY id")
        }
        #expect(read.map(\.values) == [rows[0], rows[1], [SQLValue](repeating: .null(.text), count: 4)])
    }

    @Test(arguments: TestDatabase.engines, [0, 2, 700, 1199])
    func `a failure anywhere undoes the whole closure`(_ engine: Engine, _ place: Int) throws {
        let test = try TestDatabase(engine, migrating: [Self.series])
        var queries = (1...1200).map { insert($0) }
        queries[place] = "INSERT INTO nowhere (id) VALUES (1)"
        let batch = queries
        let error = #expect(throws: DatabaseError.self) {
            try test.database.writeBatch { tx in
                try tx.run(insert(5000))
                _ = try? tx.runAll(batch)
                // It is over: this one is refused, and swallowing the error commits nothing.
                try tx.run(insert(5001))
            }
        }
        #expect(error?.kind == .misuse)
        #expect(error?.sql == "INSERT INTO nowhere (id) VALUES (1)")
        #expect(try count(test) == 0)
        // The connection is as good as before.
        #expect(try test.database.writeBatch { try $0.runAll([insert(1)]) } == [1])
    }

    @Test(arguments: TestDatabase.engines)
    func `a value that cannot be stored is refused with the batch`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.series])
        let error = #expect(throws: DatabaseError.self) {
            try test.database.writeBatch { tx in
                try tx.runAll([insert(1), "UPDATE things SET words = \("a\u{0}b")"])
            }
        }
        #expect(error?.kind == .misuse)
        #expect(try count(test) == 0)
    }

    @Test(arguments: TestDatabase.engines, ["COMMIT", " end", "ROLLBACK"])
    func `a batch cannot end its transaction`(_ engine: Engine, _ sql: String) throws {
        let test = try TestDatabase(engine, migrating: [Self.series])
        let error = #expect(throws: DatabaseError.self) {
            try test.database.writeBatch { try $0.runAll([insert(1), Query(stringLiteral: sql), insert(2)]) }
        }
        #expect(error?.kind == .misuse)
        #expect(try count(test) == 0)
    }
}
