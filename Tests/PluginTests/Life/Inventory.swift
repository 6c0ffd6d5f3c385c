import App
import Database
import SQL
import TestSupport

/// Everything that a house's database holds: its schema, and each row as text, by table.
struct Inventory: Equatable {
    var schema: Set<String> = []
    var rows: [String: Set<String>] = [:]

    init(_ house: TestHost) throws {
        let engine = house.host.database.engine
        let (schema, rows) = try house.host.database.read { tx in
            let schema = try tx.rows(Self.objects(engine)).map { try $0.text(0) }
            let tables = try tx.rows(Self.tables(engine)).map { try $0.text(0) }
            var rows: [String: Set<String>] = [:]
            for table in tables {
                let columns = try tx.rows(Self.columns(engine, of: table)).map { try $0.text(0) }
                let text = columns.map { Self.text(of: $0, engine) }.joined(separator: " || '|' || ")
                rows[table] = Set(
                    try tx.rows(Query(stringLiteral: "SELECT \(text) FROM \"\(table)\"")).map { try $0.text(0) })
            }
            return (schema, rows)
        }
        self.schema = Set(schema)
        self.rows = rows
    }

    /// The rows that name it, with their tables.
    func rows(naming name: String) -> [String] {
        rows.flatMap { table, rows in rows.filter { $0.contains(name) }.map { "\(table): \($0)" } }.sorted()
    }

    private static func text(of column: String, _ engine: Engine) -> String {
        engine.choose(
            sqlite: "coalesce(quote(\"\(column)\"), '')", postgresql: "coalesce(CAST(\"\(column)\" AS TEXT), '')")
    }

    private static func objects(_ engine: Engine) -> Query {
        engine.choose(
            sqlite: "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master",
            postgresql: """
                SELECT 'relation ' || c.relname || ' ' || CAST(c.relkind AS TEXT) FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()
                """)
    }

    private static func tables(_ engine: Engine) -> Query {
        engine.choose(
            sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'",
            postgresql: "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()")
    }

    private static func columns(_ engine: Engine, of table: String) -> Query {
        engine.choose(
            sqlite: "SELECT name FROM pragma_table_info(\(table))",
            postgresql: """
                SELECT CAST(column_name AS TEXT) FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name = \(table)
                """)
    }
}
