/// One append-only step of a schema: numbered within its series, run in one transaction, recorded with a checksum.
package struct Migration: Sendable {
    package let version: Int
    package let name: String
    let common: [String]
    let sqlite: [String]
    let postgresql: [String]

    /// - Parameters:
    ///   - common: statements for both engines, their types in SQLite's words (`PortableSchema` translates); they
    ///     run before the engine's own.
    package init(
        _ version: Int, _ name: String, common: [String] = [], sqlite: [String] = [], postgresql: [String] = []
    ) {
        self.version = version
        self.name = name
        self.common = common
        self.sqlite = sqlite
        self.postgresql = postgresql
    }

    package func statements(for engine: Engine) -> [String] {
        engine.choose(sqlite: common + sqlite, postgresql: common.map(PortableSchema.postgresql) + postgresql)
    }
}

/// The migrations of the host (`host`) or of one plugin (its id), in order of version.
package struct MigrationSeries: Sendable {
    package let name: String
    /// What the names of all its tables and indexes begin with; nil for the host, whose names are free.
    package let tablePrefix: String?
    package let migrations: [Migration]

    package init(name: String, tablePrefix: String? = nil, migrations: [Migration]) {
        self.name = name
        self.tablePrefix = tablePrefix
        self.migrations = migrations
    }
}

extension MigrationSeries {
    /// The tables in which migrations themselves are kept.
    package static let bookkeeping: Set<String> = ["migrations", "schema_info", "migration_lease"]

    /// The names of the tables that its statements make.
    package func tables(for engine: Engine) -> Set<String> {
        Set(migrations.flatMap { $0.statements(for: engine) }.compactMap(Self.tableMade))
    }

    private static func tableMade(by statement: String) -> String? {
        let words = statement.lowercased().split { $0.isWhitespace || $0 == "(" }
        guard words.first == "create", let table = words.prefix(3).firstIndex(of: "table") else { return nil }
        let conditions: Set<Substring> = ["if", "not", "exists"]
        return words[(table + 1)...].first { !conditions.contains($0) }.map { $0.filter { $0 != "\"" } }
    }
}
