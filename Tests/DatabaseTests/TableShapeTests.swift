import Core
import Database
import SQL
import TestSupport
import Testing

/// What a copy has to know of tables, and the rows that it reads and writes.
@Suite struct TableShapeTests {
    private static let shop = MigrationSeries(
        name: "host",
        migrations: [
            Migration(
                1, "shop",
                common: [
                    """
                    CREATE TABLE orders (
                        id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people (id),
                        total REAL, scan BLOB
                    ) STRICT
                    """
                ]),
            Migration(
                2, "lines",
                common: [
                    """
                    CREATE TABLE lines (
                        place TEXT NOT NULL, orders INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
                        PRIMARY KEY (orders, place)
                    ) STRICT, WITHOUT ROWID
                    """
                ]),
        ])
    private static let people = MigrationSeries(
        name: "people",
        migrations: [
            Migration(
                1, "people",
                common: [
                    """
                    CREATE TABLE people (
                        id INTEGER PRIMARY KEY, name TEXT NOT NULL, became INTEGER REFERENCES people (id)
                    ) STRICT
                    """
                ])
        ])

    @Test(arguments: TestDatabase.engines)
    func `tables come with parents before children, alike on both engines`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.people, Self.shop])
        typealias Column = TableShape.Column
        let expected = [
            TableShape(
                name: "people",
                columns: [
                    Column(name: "id", kind: .integer, isNullable: false),
                    Column(name: "name", kind: .text, isNullable: false),
                    Column(name: "became", kind: .integer, isNullable: true),
                ], key: ["id"], selfReferences: ["became"]),
            TableShape(
                name: "orders",
                columns: [
                    Column(name: "id", kind: .integer, isNullable: false),
                    Column(name: "person", kind: .integer, isNullable: false),
                    Column(name: "total", kind: .real, isNullable: true),
                    Column(name: "scan", kind: .bytes, isNullable: true),
                ], key: ["id"], references: ["people"]),
            TableShape(
                name: "lines",
                columns: [
                    Column(name: "place", kind: .text, isNullable: false),
                    Column(name: "orders", kind: .integer, isNullable: false),
                ], key: ["orders", "place"], references: ["orders"]),
        ]
        #expect(try test.database.tables() == expected)
        #expect(try test.database.schemaVersions() == ["people": 1, "host": 2])
    }

    @Test(arguments: TestDatabase.engines)
    func `pages walk along a key of two columns and stop early where rows are large`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.people, Self.shop])
        let shapes = try test.database.tables()
        let (people, orders, lines) = (shapes[0], shapes[1], shapes[2])
        let scan = [UInt8](repeating: 7, count: 3 << 20)
        try test.database.load { tx in
            try TableRows.insert([Row([.integer(1), .text("Ana"), .null(.text)])], into: people, in: tx)
            let three = (1...5).map { Row([.integer($0), .integer(1), .integer(2), .bytes(scan)]) }
            try TableRows.insert(three, into: orders, in: tx)
            let keys = (1...2).flatMap { order in ["a", "b", "é"].map { Row([.text($0), .integer(order)]) } }
            try TableRows.insert(keys, into: lines, in: tx)
        }
        try test.database.snapshot { tx in
            let large = try TableRows.page(of: orders, limit: 100, in: tx)
            #expect(large.count == 2)
            #expect(large[1].values[2] == .real(2))
            var seen: [[SQLValue]] = []
            var key: [SQLValue]?
            while let last = try TableRows.page(of: lines, after: key, limit: 2, in: tx).last {
                key = lines.key(of: last)
                seen.append(last.values)
            }
            #expect(
                seen == [[.text("b"), .integer(1)], [.text("a"), .integer(2)], [.text("é"), .integer(2)]])
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a row that refers to a later one of its table is linked when that is there`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.people])
        let people = try #require(try test.database.tables().first)
        let rows = [
            Row([.integer(1), .text("Ana"), .integer(2)]), Row([.integer(2), .text("Ana"), .null(.text)]),
        ]
        try test.database.load { tx in
            try TableRows.insert(rows, into: people, in: tx)
            try TableRows.link([rows[0]], of: people, in: tx)
        }
        let linked = try test.database.read { try TableRows.page(of: people, limit: 9, linked: true, in: $0) }
        #expect(linked.map(\.values) == [rows[0].values])
    }

    @Test(arguments: TestDatabase.engines)
    func `tables in a circle are refused by name`(_ engine: Engine) throws {
        let circle = MigrationSeries(
            name: "host",
            migrations: [
                Migration(
                    1, "circle",
                    common: [
                        "CREATE TABLE hens (id INTEGER PRIMARY KEY)",
                        "CREATE TABLE eggs (id INTEGER PRIMARY KEY, hen INTEGER REFERENCES hens (id))",
                        "ALTER TABLE hens ADD COLUMN egg INTEGER REFERENCES eggs (id)",
                    ])
            ])
        let test = try TestDatabase(engine, migrating: [circle])
        let error = try #require(throws: DatabaseError.self) { try test.database.tables() }
        #expect(error.message.contains("eggs, hens"))
    }

    @Test(arguments: TestDatabase.engines)
    func `a snapshot keeps its view while others write, and may use the database meanwhile`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [Self.people])
        let people = try #require(try test.database.tables().first)
        try test.database.snapshot { tx in
            #expect(try TableRows.count(of: people, in: tx) == 0)
            try test.database.load { tx in
                try TableRows.insert([Row([.integer(1), .text("Ana"), .null(.text)])], into: people, in: tx)
            }
            #expect(try TableRows.count(of: people, in: tx) == 0)
            #expect(try test.database.read { try TableRows.count(of: people, in: $0) } == 1)
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a schema is brought to the versions of another and not beyond`(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        try test.database.migrate([Self.people, Self.shop], program: 1, upTo: ["people": 1, "host": 1])
        #expect(try test.database.tables().map(\.name) == ["people", "orders"])
        let error = #expect(throws: DatabaseError.self) {
            try test.database.migrate(
                [Self.people, Self.shop], program: 1, upTo: ["host": 3, "people": 1, "gifts": 2])
        }
        #expect(error?.message.contains("gifts 2, host 3") == true)
        try test.database.migrate([Self.people, Self.shop], program: 1)
        #expect(try test.database.schemaVersions()["host"] == 2)
    }
}
