package import SQL

extension Migration {
    /// Which installation this database belongs to, and whether it stands somewhere else by now: one row.
    package static let instance = Migration(
        9, "instance",
        common: [
            """
            CREATE TABLE instance (
                id INTEGER PRIMARY KEY,
                mark TEXT NOT NULL,
                place TEXT,
                found TEXT,
                confirmed_at INTEGER,
                confirmed_by TEXT,
                hold TEXT,
                hold_detail TEXT,
                hold_since INTEGER,
                hold_kept INTEGER NOT NULL DEFAULT 0
            ) STRICT
            """
        ])
}
