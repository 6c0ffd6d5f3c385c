package import SQL

/// A series' tables and its record among the migrations: looked at, and taken away as if it had never been.
extension Database {
    /// The tables whose names begin so, without those that an engine keeps for itself behind a search table, and how
    /// many rows each has, counted up to `cap`.
    package func tables(prefix: String, countingTo cap: Int) throws -> [(name: String, rows: Int)] {
        try read { tx in
            try Self.tables(prefix: prefix, in: tx).sorted().map { table in
                let name = Query(stringLiteral: "\"\(table)\"")
                return (table, try tx.count("SELECT count(*) FROM (SELECT 1 FROM \(name) LIMIT \(cap)) AS counted"))
            }
        }
    }

    /// Drops all tables of a plugin and forgets its migrations, so that it starts anew if it comes back.
    /// - Parameter also: what goes in the same transaction; may run more than once.
    package func remove(
        _ series: String, tablePrefix: String, also: @escaping @Sendable (any WriteTransaction) throws -> Void
    ) throws {
        try ClosureMark.refuseInside("write")
        // An empty prefix would be everybody's.
        guard tablePrefix.utf8.count > 1 else {
            throw DatabaseError(kind: .misuse, message: "no tables can be removed without a prefix")
        }
        try driver.migrate { tx in
            // One that another refers to cannot go before it: those that nobody refers to go first, round by round.
            while let table = try Self.tables(prefix: tablePrefix, in: tx).first {
                let rest = tx.engine.choose(sqlite: "", postgresql: " CASCADE")
                try tx.run(Query(stringLiteral: "DROP TABLE \"\(table)\"\(rest)"))
            }
            try tx.run("DELETE FROM migrations WHERE series = \(series)")
            try also(tx)
        }
    }

    private static func tables(prefix: String, in tx: any ReadTransaction) throws -> [String] {
        let query: Query = tx.engine.choose(sqlite: sqliteTables(prefix), postgresql: postgreSQLTables(prefix))
        return try tx.rows(query).map { try $0.text(0) }
    }

    private static func sqliteTables(_ prefix: String) -> Query {
        """
        SELECT t.name FROM pragma_table_list AS t
        WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND substr(t.name, 1, length(\(prefix))) = \(prefix)
        ORDER BY (
            SELECT count(*) FROM pragma_table_list AS o, pragma_foreign_key_list(o.name) AS f
            WHERE o.schema = 'main' AND o.name <> t.name AND f."table" = t.name
        ), t.name
        """
    }

    private static func postgreSQLTables(_ prefix: String) -> Query {
        """
        SELECT CAST(tablename AS TEXT) FROM pg_tables
        WHERE schemaname = current_schema() AND substr(CAST(tablename AS TEXT), 1, length(\(prefix))) = \(prefix)
        ORDER BY 1
        """
    }
}
