import SQL

extension Migration {
    /// What is known of the shop, what we made in it, what it was heard of, and whom it may give keys.
    static let connection = Migration(
        1, "connection",
        common: [
            """
            CREATE TABLE woocommerce_shop (
                id INTEGER PRIMARY KEY,
                store TEXT NOT NULL,
                facts TEXT NOT NULL,
                trouble TEXT NOT NULL,
                looked_at INTEGER NOT NULL,
                pinged_by TEXT,
                ping_asked_at INTEGER
            ) STRICT
            """,
            """
            CREATE TABLE woocommerce_made (
                kind TEXT NOT NULL,
                external_id TEXT NOT NULL,
                label TEXT NOT NULL,
                state TEXT NOT NULL,
                made_at INTEGER NOT NULL,
                mended_at INTEGER,
                PRIMARY KEY (kind, external_id)
            ) STRICT
            """,
            """
            CREATE TABLE woocommerce_heard (
                webhook TEXT PRIMARY KEY,
                pinged_at INTEGER,
                delivered_at INTEGER
            ) STRICT
            """,
            """
            CREATE TABLE woocommerce_invitations (
                id INTEGER PRIMARY KEY,
                store TEXT NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT
            """,
        ])
}
