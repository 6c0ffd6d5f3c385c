import SQL

/// Brings a schema up to date: each migration in a transaction of its own, recorded with its checksum in
/// `migrations`, so that a stop in between goes on where it ended.
///
/// Starts may run side by side: they take turns, by the folder's lock on SQLite and by a lease on PostgreSQL, and on
/// both engines each step first takes the row of `schema_info` for itself, then asks again whether the step is still to
/// be done. A later release may raise `schema_info.min_program` in a migration of its own, to
/// shut out programs that could no longer work on its schema.
struct MigrationRunner {
    let driver: any DatabaseDriver

    private struct Step: Sendable {
        let series: MigrationSeries
        let migration: Migration
        let statements: [String]
        let checksum: String
    }

    func run(_ series: [MigrationSeries], program: Int) throws(DatabaseError) {
        do {
            try makeTables()
            try refuseNewerSchema(program)
            let steps = try steps(of: series)
            if try pending(of: steps).isEmpty { return }
            try driver.migratingAlone {
                // Another start may have been first, and its copy is the one worth keeping.
                let pending = try pending(of: steps)
                if pending.isEmpty { return }
                if try holdsData() { try driver.copyBeforeMigration() }
                for step in pending { try apply(step, program) }
            }
        } catch let error as DatabaseError {
            throw error
        } catch {
            throw DatabaseError(kind: .schema, message: "migrating: \(error)")
        }
    }

    private func steps(of series: [MigrationSeries]) throws -> [Step] {
        try series.flatMap { series in
            // Numbers rise and may leave gaps: each is given out before its migration is written.
            var former = 0
            return try series.migrations.map { migration in
                guard migration.version > former else {
                    throw DatabaseError(
                        kind: .schema,
                        message: "\(series.name): migration \(migration.version) stands after \(former)")
                }
                former = migration.version
                let statements = migration.statements(for: driver.engine)
                return Step(
                    series: series, migration: migration, statements: statements,
                    checksum: Checksum.of([migration.name] + statements))
            }
        }
    }

    private func makeTables() throws {
        // The last that is made below.
        let exists: Query = "SELECT count(*) FROM migration_lease"
        if (try? driver.read({ try $0.count(exists) })) != nil { return }
        try driver.migrate { transaction in
            try transaction.run(
                """
                CREATE TABLE IF NOT EXISTS migrations (
                  series TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
                  applied_at BIGINT NOT NULL, PRIMARY KEY (series, version))
                """)
            try transaction.run(
                """
                CREATE TABLE IF NOT EXISTS schema_info (
                  id BIGINT PRIMARY KEY, min_program BIGINT NOT NULL, changes BIGINT NOT NULL)
                """)
            try transaction.run(
                "INSERT INTO schema_info (id, min_program, changes) VALUES (1, 0, 0) ON CONFLICT DO NOTHING")
            try transaction.run(MigrationLease.table)
        }
    }

    private func refuseNewerSchema(_ program: Int) throws {
        let least = try driver.read { try $0.count("SELECT min_program FROM schema_info WHERE id = 1") }
        try Self.check(least, program)
    }

    private static func check(_ least: Int, _ program: Int) throws(DatabaseError) {
        guard least <= program else {
            throw DatabaseError(
                kind: .schema,
                message: "this program (schema \(program)) is too old for the database, which needs \(least) or later")
        }
    }

    private func holdsData() throws -> Bool { try driver.read { try $0.count("SELECT count(*) FROM migrations") } > 0 }

    /// The steps not yet recorded. A recorded one must read as it did when it was applied.
    private func pending(of steps: [Step]) throws -> [Step] {
        try driver.read { transaction in try steps.filter { try !Self.isApplied($0, in: transaction) } }
    }

    private static func isApplied(_ step: Step, in transaction: any ReadTransaction) throws -> Bool {
        let version = step.migration.version
        let recorded = try transaction.first(
            "SELECT checksum FROM migrations WHERE series = \(step.series.name) AND version = \(version)")
        guard let recorded else { return false }
        guard try recorded.text(0) == step.checksum else {
            throw DatabaseError(
                kind: .schema,
                message: "migration \(step.series.name) \(version) (\(step.migration.name)) was edited after it was "
                    + "applied; add a new migration instead")
        }
        return true
    }

    private func apply(_ step: Step, _ program: Int) throws {
        try driver.migrate { transaction in
            // Waits here while another process migrates, and then sees what it did.
            try transaction.run("UPDATE schema_info SET changes = changes + 1 WHERE id = 1")
            try Self.check(try transaction.count("SELECT min_program FROM schema_info WHERE id = 1"), program)
            if try Self.isApplied(step, in: transaction) { return }
            let limited = transaction.limited(toTables: step.series.tablePrefix)
            for statement in step.statements { try limited.run(Query(stringLiteral: statement)) }
            try transaction.run(
                """
                INSERT INTO migrations (series, version, name, checksum, applied_at)
                VALUES (\(step.series.name), \(step.migration.version), \(step.migration.name), \(step.checksum), \
                \(transaction.engine.now))
                """)
        }
    }
}

/// A 64-bit FNV-1a sum (http://www.isthe.com/chongo/tech/comp/fnv/): it finds edits, it stops no attacker.
enum Checksum {
    static func of(_ texts: [String]) -> String {
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        for text in texts {
            // A zero after each text, so that moving a line between two statements is an edit.
            for byte in [UInt8](text.utf8) + [0] { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
