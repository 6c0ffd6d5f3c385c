import SQL

extension SQLValue {
    /// PostgreSQL cannot hold NUL in text and SQLite's functions stop at it: refused on both, whatever the column.
    static func refuseNUL(in text: String, _ sql: String) throws(DatabaseError) {
        guard text.utf8.contains(0) else { return }
        throw DatabaseError(kind: .misuse, message: "text with a NUL character cannot be stored", sql: sql)
    }
}
