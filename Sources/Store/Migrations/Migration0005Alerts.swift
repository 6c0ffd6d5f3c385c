package import SQL

extension Migration {
    /// What needs a person, the routes by which it is told, and how the last turn of a job went.
    package static let alerts = Migration(
        5, "alerts",
        common: [
            """
            CREATE TABLE alerts (
                id TEXT PRIMARY KEY,
                severity TEXT NOT NULL,
                word TEXT NOT NULL,
                arguments TEXT NOT NULL,
                href TEXT NOT NULL,
                opened_at INTEGER NOT NULL,
                closed_at INTEGER,
                reopened INTEGER NOT NULL,
                told TEXT,
                last_told_at INTEGER
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX alerts_open ON alerts (opened_at) WHERE closed_at IS NULL",
            "CREATE INDEX alerts_closed ON alerts (closed_at) WHERE closed_at IS NOT NULL",
            """
            CREATE TABLE alert_routes (
                route TEXT PRIMARY KEY,
                last_went_at INTEGER,
                last_failed_at INTEGER,
                last_error TEXT,
                last_message_id INTEGER
            ) STRICT, WITHOUT ROWID
            """,
            "ALTER TABLE jobs ADD COLUMN last_milliseconds INTEGER",
            "ALTER TABLE jobs ADD COLUMN last_failed_at INTEGER",
        ])
}
