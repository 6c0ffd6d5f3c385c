import SQL

/// What a migration needs beyond tables: the right to make them, and extensions of the server.
enum PostgreSQLExtensions {
    /// Refuses clearly where the role may not create tables.
    static func requireSchema(in tx: any ReadTransaction) throws(DatabaseError) {
        let row = try tx.first(
            """
            SELECT coalesce(CAST(current_schema() AS TEXT), ''), CAST(current_user AS TEXT),
              coalesce(has_schema_privilege(CAST(current_schema() AS TEXT), 'CREATE'), false),
              current_setting('search_path')
            """)
        guard let row, try !row.flag(2) else { return }
        let (schema, role) = (try row.text(0), try row.text(1))
        let advice =
            schema.isEmpty
            ? missingSchema(onPath: try row.text(3), of: role)
            : "the role \"\(role)\" may not create tables: run GRANT USAGE, CREATE ON SCHEMA \"\(schema)\" TO \"\(role)\""
        throw DatabaseError(kind: .schema, message: advice + " once as a superuser or the database's owner")
    }

    private static func missingSchema(onPath path: String, of role: String) -> String {
        guard let first = firstSchema(onPath: path) else {
            return "the search_path of the role \"\(role)\" is empty: run ALTER ROLE \"\(role)\" RESET search_path"
        }
        let name = (first == "$user" ? role : first).replacing("\"", with: "\"\"")
        return "the search_path of the role \"\(role)\" (\(path)) names no schema that is there: "
            + "run CREATE SCHEMA \"\(name)\" AUTHORIZATION \"\(role)\""
    }

    /// The first name of a `search_path`: in quotes as it stands, else in small letters. Nil where there is none.
    static func firstSchema(onPath path: String) -> String? {
        let text = path.drop { $0 == " " }
        guard text.first == "\"" else {
            let name = text.prefix { $0 != "," && $0 != " " }.lowercased()
            return name.isEmpty ? nil : name
        }
        var name = ""
        var rest = text.dropFirst()
        while let letter = rest.popFirst() {
            // A quotation mark within the name stands twice.
            if letter == "\"", rest.popFirst() != "\"" { break }
            name.append(letter)
        }
        return name.isEmpty ? nil : name
    }

    static func isThere(_ name: String, in tx: any ReadTransaction) throws(DatabaseError) -> Bool {
        try tx.count("SELECT count(*) FROM pg_extension WHERE extname = \(name)") > 0
    }

    static func create(_ name: String, in tx: any WriteTransaction) throws(DatabaseError) {
        try tx.run(Query(stringLiteral: "CREATE EXTENSION IF NOT EXISTS \(name)"))
    }

    static func missing(_ name: String, because error: DatabaseError) -> DatabaseError {
        DatabaseError(
            kind: .schema,
            message: "the PostgreSQL extension \(name) is needed and could not be created (\(error.message)): "
                + "run CREATE EXTENSION \(name); once in this database as a superuser")
    }
}
