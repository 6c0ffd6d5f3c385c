package import Core
package import Database
import Glibc
package import SQL

/// A database of a test's own: a SQLite file in a temporary folder, or a schema of the server that `TEST_POSTGRES`
/// names. Both are gone when the value goes.
package final class TestDatabase: Sendable {
    package let database: Database
    package let location: DatabaseLocation
    /// The folder of the SQLite file; on PostgreSQL an empty one.
    package let folder: TemporaryFolder
    private let dropSchema: @Sendable () -> Void

    /// The engines that this run can reach; SQLite always. For `@Test(arguments: TestDatabase.engines)`.
    package static let engines: [Engine] = server == nil ? [.sqlite] : [.sqlite, .postgresql]

    private static let server = getenv("TEST_POSTGRES").map { String(cString: $0) }

    /// - Parameter series: brought up before the value is handed out.
    package init(
        _ engine: Engine, clock: any Clock = SystemClock(), options: DatabaseOptions = DatabaseOptions(),
        migrating series: [MigrationSeries] = []
    ) throws {
        folder = try TemporaryFolder()
        switch engine {
        case .sqlite:
            location = .file(folder.path + "/cartwright.db")
            dropSchema = {}
        case .postgresql:
            guard let server = Self.server else {
                throw DatabaseError(kind: .misuse, message: "TEST_POSTGRES names no server")
            }
            let schema = "test_\(String(UInt64.random(in: .min ... .max), radix: 16))"
            // The public schema holds the extensions.
            let options = "options=-csearch_path%3D\(schema)%2Cpublic"
            location = try DatabaseLocation(parsing: server + (server.contains("?") ? "&" : "?") + options)
            let whole = try DatabaseLocation(parsing: server)
            try Self.administer(whole, "CREATE SCHEMA \(schema)")
            dropSchema = { try? Self.administer(whole, "DROP SCHEMA \(schema) CASCADE") }
        }
        database = try Database(location, clock: clock, log: Self.quiet, options: options)
        if !series.isEmpty { try database.migrate(series, program: 1) }
    }

    deinit {
        database.close()
        dropSchema()
    }

    /// A second program on the same data.
    package func another(options: DatabaseOptions = DatabaseOptions()) throws -> Database {
        try Database(location, clock: SystemClock(), log: Self.quiet, options: options)
    }

    /// Runs `body` on each engine that this run can reach.
    package static func each(
        clock: any Clock = SystemClock(), migrating series: [MigrationSeries] = [],
        _ body: (TestDatabase) throws -> Void
    ) throws {
        for engine in engines { try body(TestDatabase(engine, clock: clock, migrating: series)) }
    }

    /// A log that nobody reads.
    package static let quiet = Log(clock: SystemClock(), write: { _ in })

    private static func administer(_ location: DatabaseLocation, _ sql: String) throws {
        let database = try Database(location, clock: SystemClock(), log: quiet)
        defer { database.close() }
        try database.writeBatch { try $0.run(Query(stringLiteral: sql)) }
    }
}
