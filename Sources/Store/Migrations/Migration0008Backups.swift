package import SQL

extension Migration {
    /// How backups went: the newest of them are listed, and what `/metrics` says of them rests here.
    package static let backups = Migration(
        8, "backups",
        common: [
            """
            CREATE TABLE backups (
                id INTEGER PRIMARY KEY,
                file TEXT NOT NULL,
                node TEXT NOT NULL,
                actor TEXT NOT NULL,
                started_at INTEGER NOT NULL,
                milliseconds INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                row_count INTEGER NOT NULL,
                has_key INTEGER NOT NULL,
                error TEXT
            ) STRICT
            """,
            "CREATE INDEX backups_good ON backups (id) WHERE error IS NULL",
        ])
}
