import Core
import Database
import SQL
import TestSupport
import Testing

/// What goes in comes out, alike on both engines.
@Suite struct ValueTests {
    private static let table = MigrationSeries(
        name: "host",
        migrations: [
            Migration(
                1, "values",
                common: [
                    "CREATE TABLE kept (id INTEGER PRIMARY KEY, number INTEGER, fraction REAL, word TEXT, body BLOB)"
                ])
        ])

    @Test(arguments: TestDatabase.engines)
    func `values of every kind come back as they went in`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.table])
        let allBytes = [UInt8](0...255)
        let rows: [(Int64?, Double?, String?, [UInt8]?)] = [
            (Int64.max, 0.1, "Zoë 🧡 'quoted' \\ \n end", allBytes),
            (Int64.min, -1e300, "", []),
            (0, .leastNonzeroMagnitude, "x", [0]),
            (nil, nil, nil, nil),
        ]
        try test.database.write { transaction in
            for (index, (number, fraction, word, body)) in rows.enumerated() {
                try transaction.run(
                    """
                    INSERT INTO kept (id, number, fraction, word, body)
                    VALUES (\(index), \(number), \(fraction), \(word), \(body))
                    """)
            }
        }
        let back = try test.database.read {
            try $0.rows("SELECT number, fraction, word, body FROM kept ORDER BY id")
        }
        #expect(back.count == rows.count)
        for (row, (number, fraction, word, body)) in zip(back, rows) {
            #expect(try row.integerOrNil(0) == number)
            #expect(row.values[1] == fraction.map { .real($0) } ?? .null(.text))
            #expect(try row.textOrNil(2) == word)
            #expect(try row.bytesOrNil(3) == body)
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `counts, sums and comparisons come back as integers`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.table])
        try test.database.write { transaction in
            for number in 1...3 { try transaction.run("INSERT INTO kept (id, number) VALUES (\(number), \(number))") }
        }
        let row = try test.database.read {
            try $0.first(
                "SELECT count(*), sum(number), max(number) > 2, EXISTS (SELECT 1 FROM kept WHERE id = 9) FROM kept")
        }
        #expect(row?.values == [.integer(3), .integer(6), .integer(1), .integer(0)])
    }

    @Test(arguments: TestDatabase.engines)
    func `text with NUL is refused before the engine sees it`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.table])
        #expect(throws: DatabaseError.self) {
            try test.database.write { try $0.run("INSERT INTO kept (id, word) VALUES (1, \("a\0b"))") }
        }
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM kept") } == 0)
    }

    @Test(arguments: TestDatabase.engines)
    func `run tells how many rows changed`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.table])
        let counts = try test.database.write { transaction in
            [
                try transaction.run("INSERT INTO kept (id) VALUES (1), (2), (3)"),
                try transaction.run("UPDATE kept SET number = 1 WHERE id > 1"),
                try transaction.run("UPDATE kept SET number = 1 WHERE id > 9"),
                try transaction.run("INSERT INTO kept (id) VALUES (1) ON CONFLICT DO NOTHING"),
                try transaction.run("SELECT id FROM kept"),
                try transaction.rows("DELETE FROM kept WHERE id = 1 RETURNING id").count,
            ]
        }
        #expect(counts == [3, 2, 0, 0, 0, 1])
    }

    @Test(arguments: TestDatabase.engines)
    func `pages by key follow the bytes of the text`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.table])
        let words = ["Zebra", "apple", "Äpfel", "apple pie", "zoo", "_under", "10", "9", "🧡", "中"]
        try test.database.write { transaction in
            for (index, word) in words.enumerated() {
                try transaction.run("INSERT INTO kept (id, word) VALUES (\(index), \(word))")
            }
        }
        var seen: [String] = []
        while true {
            let page = try test.database.read {
                try $0.rows("SELECT word FROM kept WHERE word > \(seen.last ?? "") ORDER BY word LIMIT 3")
            }
            if page.isEmpty { break }
            seen += try page.map { try $0.text(0) }
        }
        #expect(seen == words.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    }

    @Test(arguments: TestDatabase.engines)
    func `LIKE tells capitals from small letters`(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let row = try test.database.read { try $0.first("SELECT \("abc") LIKE \("a%"), \("abc") LIKE \("A%")") }
        #expect(row?.values == [.integer(1), .integer(0)])
    }

    @Test(arguments: TestDatabase.engines)
    func `the shared clock is the present`(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let before = SystemClock().now()
        let now = try test.database.now()
        #expect(now >= before - .milliseconds(2) && now <= SystemClock().now() + .milliseconds(2))
    }

    @Test(arguments: TestDatabase.engines)
    func `more statements than are kept still run`(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        try test.database.read { transaction in
            for number in 0..<700 {
                let query = Query(stringLiteral: "SELECT \(number)") + " + \(1)"
                let sum = try transaction.count(query)
                #expect(sum == number + 1)
            }
        }
    }
}
