import Core
import Database
import SQL
import TestSupport
import Testing

/// A plugin reaches the tables of its own prefix, and no others; SQLite holds it in every test.
@Suite struct PrefixTests {
    private static let plugin = MigrationSeries(
        name: "carts", tablePrefix: "carts_",
        migrations: [
            Migration(
                1, "items",
                sqlite: [
                    "CREATE TABLE carts_items (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL) STRICT",
                    "CREATE INDEX carts_items_name ON carts_items (name)",
                    "CREATE VIRTUAL TABLE carts_search USING fts5 (name, tokenize = 'trigram')",
                ])
        ])

    private func open() throws -> TestDatabase { try TestDatabase(.sqlite, migrating: [Counters.series, Self.plugin]) }

    @Test func `its own tables are free, search and JSON among them`() throws {
        let test = try open()
        try test.database.write(prefix: "carts_") { transaction in
            try transaction.run("INSERT INTO carts_items (name) VALUES (\("table")), (\("tablet"))")
            try transaction.run("INSERT INTO carts_search (rowid, name) SELECT id, name FROM carts_items")
            try transaction.run(
                "UPDATE carts_items SET name = upper(name) WHERE id IN (SELECT value FROM json_each(\("[1]")))")
        }
        let found = try test.database.read(prefix: "carts_") {
            try $0.rows(
                """
                WITH hits AS (SELECT rowid AS id FROM carts_search WHERE name MATCH \("\"able\""))
                SELECT i.name FROM carts_items i JOIN hits ON hits.id = i.id ORDER BY i.id
                """)
        }
        #expect(try found.map { try $0.text(0) } == ["TABLE", "tablet"])
    }

    @Test(arguments: [
        "SELECT value FROM counters", "SELECT count(*) FROM counters", "UPDATE counters SET value = 5",
        "DELETE FROM counters", "INSERT INTO carts_items (name) SELECT 'x' FROM counters",
        "SELECT name FROM sqlite_master", "UPDATE sqlite_master SET name = 'x'",
        "CREATE TABLE carts_more (id INTEGER)", "DROP TABLE carts_items",
        "ATTACH 'other.db' AS other", "PRAGMA table_info(counters)", "SELECT load_extension('x')",
    ])
    func `everything else is refused`(_ sql: String) throws {
        let test = try open()
        // Compiled once without limits, to show that no compiled statement is shared across the limit.
        try? test.database.write { transaction in
            try transaction.run(Query(stringLiteral: sql))
            throw Undone()
        }
        let error = #expect(throws: DatabaseError.self) {
            try test.database.write(prefix: "carts_") { try $0.run(Query(stringLiteral: sql)) }
        }
        #expect(error?.kind == .misuse)
    }

    private struct Undone: Error {}

    @Test func `a limited view shares its transaction with the whole one`() throws {
        let test = try open()
        try test.database.write { transaction in
            let limited = transaction.limited(toTables: "carts_")
            try limited.run("INSERT INTO carts_items (name) VALUES (\("chair"))")
            try transaction.run("UPDATE counters SET value = (SELECT count(*) FROM carts_items)")
        }
        #expect(try Counters.value(in: test.database) == 1)
    }

    @Test func `a plugin's migration makes nothing outside its prefix`() throws {
        let test = try open()
        let greedy = MigrationSeries(
            name: "greedy", tablePrefix: "greedy_",
            migrations: [Migration(1, "greedy", common: ["CREATE TABLE carts_mine (id INTEGER PRIMARY KEY)"])])
        #expect(throws: DatabaseError.self) { try test.database.migrate([greedy], program: 1) }
    }
}
