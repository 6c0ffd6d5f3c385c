package import SQL

extension Database {
    /// Where a copy notes how far it has come; not itself a part of what is copied. While it exists the database is
    /// not whole.
    package static let copyNotes = "copy_progress"

    /// All tables of the program and its plugins, parents before children; without the notes of migrations and of
    /// copies, and without what an engine or an extension keeps for itself.
    package func tables() throws -> [TableShape] { try read { try Self.tables(in: $0) } }

    /// As `tables()`, in a transaction that is already open.
    package static func tables(in tx: any ReadTransaction) throws -> [TableShape] {
        let leftOut = MigrationSeries.bookkeeping.union([copyNotes])
        let references = try tx.rows(tx.engine.choose(sqlite: sqliteReferences, postgresql: postgreSQLReferences)).map {
            (table: try $0.text(0), column: try $0.text(1), parent: try $0.text(2))
        }
        let found = try tx.rows(tx.engine.choose(sqlite: sqliteColumns, postgresql: postgreSQLColumns)).map(
            FoundColumn.init)
        let columns = Dictionary(grouping: found, by: \.table).filter { !leftOut.contains($0.key) }
        return try columns.map { name, columns in
            let own = references.filter { $0.table == name }
            return TableShape(
                name: name, columns: columns.map(\.column),
                key: columns.filter { $0.keyPlace != nil }.sorted { $0.keyPlace ?? 0 < $1.keyPlace ?? 0 }
                    .map(\.column.name),
                references: Set(own.map(\.parent)).subtracting([name]),
                selfReferences: columns.map(\.column).filter(\.isNullable).map(\.name).filter { column in
                    own.contains { $0.column == column && $0.parent == name }
                })
        }.parentsFirst()
    }

    /// Whether the database has a table of this name.
    package func hasTable(_ name: String) throws -> Bool {
        try read { tx in
            try tx.count(
                tx.engine.choose(
                    sqlite: "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = \(name)",
                    postgresql: """
                        SELECT count(*) FROM pg_tables
                        WHERE schemaname = current_schema() AND CAST(tablename AS TEXT) = \(name)
                        """)) > 0
        }
    }

    private struct FoundColumn {
        let table: String
        let column: TableShape.Column
        /// From where in the primary key; nil outside it.
        let keyPlace: Int64?

        init(_ row: Row) throws(DatabaseError) {
            table = try row.text(0)
            let name = try row.text(1)
            let type = try row.text(2)
            keyPlace = try row.integerOrNil(3)
            guard let kind = Self.kinds[type.lowercased()] else {
                throw DatabaseError(
                    kind: .schema, message: "\(table).\(name) is of a type that cannot be copied: \(type)")
            }
            column = TableShape.Column(name: name, kind: kind, isNullable: try row.flag(4))
        }

        private static let kinds: [String: SQLValue.Kind] = [
            "integer": .integer, "bigint": .integer, "int8": .integer, "real": .real, "float8": .real, "text": .text,
            "blob": .bytes, "bytea": .bytes,
        ]
    }

    private static let sqliteColumns: Query = """
        SELECT t.name, c.name, c.type, CASE WHEN c.pk > 0 THEN c.pk END, c."notnull" = 0 AND c.pk = 0
        FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
        WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_'
        ORDER BY t.name, c.cid
        """
    private static let sqliteReferences: Query = """
        SELECT t.name, f."from", f."table" FROM pragma_table_list AS t, pragma_foreign_key_list(t.name) AS f
        WHERE t.schema = 'main' AND t.type = 'table'
        """

    /// The system's own tables rather than information_schema, which knows nothing of extensions.
    private static let postgreSQLColumns: Query = """
        SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT), CAST(t.typname AS TEXT),
          array_position(CAST(i.indkey AS SMALLINT[]), a.attnum), CASE WHEN a.attnotnull THEN 0 ELSE 1 END
        FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        JOIN pg_type AS t ON t.oid = a.atttypid
        LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND NOT EXISTS (
            SELECT 1 FROM pg_depend AS d
            WHERE d.classid = CAST('pg_class' AS REGCLASS) AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relname, a.attnum
        """
    private static let postgreSQLReferences: Query = """
        SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT), CAST(p.relname AS TEXT)
        FROM pg_constraint AS k
        JOIN pg_class AS c ON c.oid = k.conrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_class AS p ON p.oid = k.confrelid
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
        WHERE k.contype = 'f' AND n.nspname = current_schema() AND k.conparentid = 0
        """
}
