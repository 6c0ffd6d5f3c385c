package import SQL

extension Database {
    /// Runs `body` on one consistent view that may last as long as it takes, on a connection of its own: for copies.
    ///
    /// Unlike the closures of `read`, `body` may use this or another database meanwhile. On SQLite the write-ahead log
    /// cannot be emptied before it ends.
    @discardableResult
    package func snapshot<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        try ClosureMark.refuseInside("read")
        return try driver.snapshot(body)
    }

    /// A write without the engine's time limits that may also change the schema: for filling a database that nobody
    /// serves yet.
    @discardableResult
    package func load<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
        try ClosureMark.refuseInside("write")
        return try driver.migrate(body)
    }

    /// Throws while a copy into this database has not come to its end: it is not whole, and nobody may work on it.
    package func refuseUnfinishedCopy() throws {
        guard try hasTable(Self.copyNotes) else { return }
        throw DatabaseError(
            kind: .schema,
            message: "everything of another database is being moved into this one: run the same migrate-database again "
                + "until it is done")
    }

    /// The version of each series that the schema is at; empty for a database that no program has opened.
    package func schemaVersions() throws -> [String: Int] {
        guard try hasTable("migrations") else { return [:] }
        return try read { tx in
            let rows = try tx.rows("SELECT series, max(version) FROM migrations GROUP BY series")
            return try Dictionary(uniqueKeysWithValues: rows.map { (try $0.text(0), try $0.int(1)) })
        }
    }

    /// Brings the schema to the versions that another database is at, so that its rows fit in. A series that is not
    /// named is left alone.
    /// - Throws: when this program does not have a version that is named: a later release made it, or a plugin that is
    ///   not part of this one.
    package func migrate(_ series: [MigrationSeries], program: Int, upTo versions: [String: Int]) throws(DatabaseError)
    {
        let missing = versions.filter { name, version in
            !series.contains { $0.name == name && $0.migrations.contains { $0.version == version } }
        }
        guard missing.isEmpty else {
            let names = missing.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            throw DatabaseError(
                kind: .schema, message: "this program lacks migrations that the data was made with: \(names)")
        }
        let limited = series.compactMap { series in
            versions[series.name].map { version in
                MigrationSeries(
                    name: series.name, tablePrefix: series.tablePrefix,
                    migrations: series.migrations.filter { $0.version <= version })
            }
        }
        try migrate(limited, program: program)
    }
}

extension SQLiteDatabase {
    func snapshot<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        let connection = try SQLiteConnection(path: path, .read)
        defer { connection.close() }
        try connection.control("BEGIN")
        defer { connection.rollBack() }
        let scope = TransactionScope(tally)
        return try scope.run(SQLiteTransaction(connection, scope: scope), marked: false) { try body($0) }
    }
}
