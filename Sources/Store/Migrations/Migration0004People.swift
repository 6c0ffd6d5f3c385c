package import SQL

extension Migration {
    /// Second factors of the people who sign in, the links by which they come, and a way to read the audit log by
    /// person.
    package static let people = Migration(
        4, "people",
        common: [
            """
            CREATE TABLE second_factors (
                user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
                secret BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                turned_on_at INTEGER,
                last_step INTEGER
            ) STRICT
            """,
            """
            CREATE TABLE recovery_codes (
                code_hash TEXT PRIMARY KEY,
                user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                used_at INTEGER
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id)",
            """
            CREATE TABLE half_sign_ins (
                token_hash TEXT PRIMARY KEY,
                user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                visitor_hash TEXT NOT NULL,
                wrong INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX half_sign_ins_by_user ON half_sign_ins (user_id)",
            "CREATE INDEX half_sign_ins_by_expiry ON half_sign_ins (expires_at)",
            """
            CREATE TABLE account_links (
                id INTEGER PRIMARY KEY,
                token_hash TEXT NOT NULL UNIQUE,
                user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
                email TEXT NOT NULL,
                email_key TEXT NOT NULL,
                role TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX account_links_by_user ON account_links (user_id)",
            "CREATE INDEX account_links_by_email ON account_links (email_key)",
            "CREATE INDEX account_links_by_expiry ON account_links (expires_at)",
            "CREATE INDEX audit_by_actor ON audit (actor, id)",
        ])
}
