import SQL

extension Migration {
    /// How far each resource was asked for (in the shop's time), how the last turn went, and which orders' notes are
    /// known. Numbers and times of the shop alone: nothing of a person.
    static let poll = Migration(
        2, "poll",
        common: [
            """
            CREATE TABLE woocommerce_polls (
                store TEXT NOT NULL,
                resource TEXT NOT NULL,
                since INTEGER NOT NULL,
                cursor INTEGER NOT NULL,
                moved_at INTEGER NOT NULL,
                stage TEXT NOT NULL,
                PRIMARY KEY (store, resource)
            ) STRICT
            """,
            """
            CREATE TABLE woocommerce_poll_turns (
                store TEXT PRIMARY KEY,
                succeeded_at INTEGER,
                found INTEGER NOT NULL,
                next_at INTEGER,
                failures INTEGER NOT NULL,
                failing_since INTEGER,
                trouble TEXT,
                note_told_at INTEGER
            ) STRICT
            """,
            """
            CREATE TABLE woocommerce_watched (
                store TEXT NOT NULL,
                order_id TEXT NOT NULL,
                changed_at INTEGER NOT NULL,
                seen_at INTEGER NOT NULL,
                is_finished INTEGER NOT NULL,
                read_at INTEGER NOT NULL,
                PRIMARY KEY (store, order_id)
            ) STRICT
            """,
            "CREATE INDEX woocommerce_watched_read ON woocommerce_watched (store, read_at, order_id)",
            """
            CREATE TABLE woocommerce_notes (
                store TEXT NOT NULL,
                order_id TEXT NOT NULL,
                note_id TEXT NOT NULL,
                seen_at INTEGER NOT NULL,
                PRIMARY KEY (store, order_id, note_id)
            ) STRICT
            """,
            "CREATE INDEX woocommerce_notes_seen ON woocommerce_notes (seen_at)",
        ])
}
