import SQL

extension Migration {
    /// The processes at work on this database.
    static let nodes = Migration(
        7, "nodes",
        common: [
            """
            CREATE TABLE nodes (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                role TEXT NOT NULL,
                version TEXT NOT NULL,
                master_keys TEXT NOT NULL,
                clock_ahead INTEGER NOT NULL,
                started_at INTEGER NOT NULL,
                seen_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """
        ])
}
