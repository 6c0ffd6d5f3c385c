import Database
import SQL

/// One row to count in, for tests of who sees what.
enum Counters {
    static let series = MigrationSeries(
        name: "host",
        migrations: [
            Migration(
                1, "counters",
                common: [
                    "CREATE TABLE counters (id INTEGER PRIMARY KEY, value INTEGER NOT NULL, note BLOB)",
                    "INSERT INTO counters (id, value) VALUES (1, 0)",
                ])
        ])

    static func add(_ number: Int, in database: Database) throws {
        try database.write { try $0.run("UPDATE counters SET value = value + \(number) WHERE id = 1") }
    }

    static func value(in database: Database) throws -> Int { try database.read { try value(in: $0) } }

    static func value(in transaction: any ReadTransaction) throws -> Int {
        try transaction.count("SELECT value FROM counters WHERE id = 1")
    }
}
