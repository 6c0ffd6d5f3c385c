import SQL

extension Migration {
    /// Everything but the ledger: settings, access, contacts, consents, orders, deliveries, work.
    ///
    /// Types are in SQLite's words (`PortableSchema`). A flag is 0 or 1, a time milliseconds since 1970, a column
    /// that holds JSON says so in its table's Swift file. Partial indexes name states as literals, and so must the
    /// queries that want them.
    static let ground = Migration(
        1, "ground", common: settings + access + contacts + consents + orders + deliveries + work)

    private static let settings = [
        """
        CREATE TABLE settings (
            key TEXT PRIMARY KEY,
            value TEXT,
            sealed BLOB,
            updated_at INTEGER NOT NULL,
            version INTEGER NOT NULL,
            CHECK ((value IS NULL) <> (sealed IS NULL))
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE revisions (
            name TEXT PRIMARY KEY,
            number INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE plugins (
            id TEXT PRIMARY KEY,
            active INTEGER NOT NULL,
            version TEXT NOT NULL,
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let access = [
        """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            email TEXT NOT NULL,
            email_key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_seen_at INTEGER
        ) STRICT
        """,
        """
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            token_hash TEXT NOT NULL UNIQUE,
            user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            csrf_secret BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            last_seen_at INTEGER NOT NULL,
            confirmed_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            address TEXT NOT NULL,
            agent TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX sessions_by_user ON sessions (user_id, id)",
        "CREATE INDEX sessions_by_expiry ON sessions (expires_at)",
        """
        CREATE TABLE tokens (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            scope TEXT NOT NULL,
            token_hash TEXT NOT NULL UNIQUE,
            prefix TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER,
            revoked_at INTEGER
        ) STRICT
        """,
        """
        CREATE TABLE start_links (
            token_hash TEXT PRIMARY KEY,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            used_at INTEGER
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE throttles (
            key TEXT PRIMARY KEY,
            opened_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL,
            used INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX throttles_by_end ON throttles (ends_at)",
        """
        CREATE TABLE idempotency (
            token_id INTEGER NOT NULL,
            path TEXT NOT NULL,
            key TEXT NOT NULL,
            request_hash BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            status INTEGER,
            headers TEXT,
            body BLOB,
            PRIMARY KEY (token_id, path, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX idempotency_by_age ON idempotency (created_at)",
        """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            data TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX audit_by_action ON audit (action, id)",
    ]

    private static let contacts = [
        """
        CREATE TABLE contacts (
            id INTEGER PRIMARY KEY,
            phone TEXT UNIQUE,
            bsuid TEXT UNIQUE,
            phone_raw TEXT NOT NULL,
            phone_problem TEXT,
            former_phones TEXT NOT NULL,
            email TEXT,
            email_key TEXT,
            first_name TEXT NOT NULL,
            last_name TEXT NOT NULL,
            name_key TEXT NOT NULL,
            locale TEXT,
            country TEXT,
            time_zone TEXT,
            tags TEXT NOT NULL,
            custom TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            undeliverable_count INTEGER NOT NULL,
            undeliverable_at INTEGER,
            merged_into INTEGER REFERENCES contacts (id),
            version INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX contacts_by_name ON contacts (name_key, id)",
        "CREATE INDEX contacts_by_email ON contacts (email_key) WHERE email_key IS NOT NULL",
        "CREATE INDEX contacts_by_merge ON contacts (merged_into) WHERE merged_into IS NOT NULL",
    ]

    private static let consents = [
        """
        CREATE TABLE consents (
            id INTEGER PRIMARY KEY,
            contact_id INTEGER,
            kind TEXT NOT NULL,
            purpose TEXT NOT NULL,
            at INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            source TEXT NOT NULL,
            actor TEXT,
            wording_version TEXT,
            wording_language TEXT,
            about INTEGER,
            about_detail TEXT,
            phone_hash BLOB,
            bsuid_hash BLOB,
            wording_hash BLOB,
            page_hash BLOB,
            address_hash BLOB,
            agent_hash BLOB,
            reason_hash BLOB,
            key_id TEXT NOT NULL,
            digest BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX consents_by_contact ON consents (contact_id, id)",
        "CREATE INDEX consents_by_subject ON consents (about) WHERE about IS NOT NULL",
        """
        CREATE TABLE consent_details (
            consent_id INTEGER NOT NULL REFERENCES consents (id),
            detail TEXT NOT NULL,
            salt BLOB NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (consent_id, detail)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE consent_state (
            contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
            purpose TEXT NOT NULL,
            state TEXT NOT NULL,
            at INTEGER NOT NULL,
            source TEXT NOT NULL,
            consent_id INTEGER NOT NULL,
            PRIMARY KEY (contact_id, purpose)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX consent_state_by_purpose ON consent_state (purpose, state, contact_id)",
        """
        CREATE TABLE consent_unsealed (
            consent_id INTEGER PRIMARY KEY
        ) STRICT
        """,
        """
        CREATE TABLE consent_seals (
            seq INTEGER PRIMARY KEY,
            consent_id INTEGER NOT NULL UNIQUE,
            digest BLOB NOT NULL,
            previous BLOB NOT NULL,
            seal BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE pending_consents (
            id INTEGER PRIMARY KEY,
            shop TEXT NOT NULL,
            order_external_id TEXT NOT NULL,
            order_key TEXT NOT NULL,
            statement TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX pending_consents_by_order ON pending_consents (shop, order_external_id)",
        "CREATE INDEX pending_consents_by_expiry ON pending_consents (expires_at)",
        """
        CREATE TABLE suppressions (
            person_hash BLOB NOT NULL,
            purpose TEXT NOT NULL,
            reason TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (person_hash, purpose)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE preference_tokens (
            token_hash TEXT PRIMARY KEY,
            contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX preference_tokens_by_contact ON preference_tokens (contact_id)",
        "CREATE INDEX preference_tokens_by_expiry ON preference_tokens (expires_at)",
    ]

    private static let orders = [
        """
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY,
            shop TEXT NOT NULL,
            external_id TEXT NOT NULL,
            number TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            total_minor INTEGER NOT NULL,
            currency TEXT NOT NULL,
            payment_method TEXT,
            shipping_method TEXT,
            customer_external_id TEXT,
            first_name TEXT NOT NULL,
            last_name TEXT NOT NULL,
            email TEXT,
            phone_raw TEXT NOT NULL,
            phone_problem TEXT,
            country TEXT,
            shipping_country TEXT,
            contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
            locale TEXT,
            items TEXT NOT NULL,
            refunds TEXT NOT NULL,
            payment_url TEXT,
            tracking_url TEXT,
            tracking_number TEXT,
            order_key TEXT,
            removed INTEGER NOT NULL,
            first_seen_at INTEGER NOT NULL,
            arrival INTEGER NOT NULL,
            UNIQUE (shop, external_id)
        ) STRICT
        """,
        "CREATE INDEX orders_by_creation ON orders (created_at, id)",
        "CREATE INDEX orders_by_status ON orders (status, created_at, id)",
        "CREATE INDEX orders_by_contact ON orders (contact_id, created_at, id)",
        "CREATE INDEX orders_by_number ON orders (number)",
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            detail TEXT NOT NULL,
            text TEXT,
            at INTEGER NOT NULL,
            state TEXT NOT NULL,
            tries INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            claim INTEGER,
            lease_until INTEGER NOT NULL,
            last_error TEXT
        ) STRICT
        """,
        "CREATE INDEX events_due ON events (due_at, id) WHERE state = 'waiting'",
        "CREATE INDEX events_by_order ON events (order_id, id)",
        "CREATE INDEX events_by_age ON events (at) WHERE state <> 'waiting'",
    ]

    private static let deliveries = [
        """
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY,
            endpoint TEXT NOT NULL,
            topic TEXT NOT NULL,
            headers TEXT NOT NULL,
            body BLOB NOT NULL,
            received_at INTEGER NOT NULL,
            lane TEXT,
            state TEXT NOT NULL,
            note TEXT,
            tries INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            claim INTEGER,
            lease_until INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE state = 'waiting'",
        "CREATE INDEX deliveries_in_lane ON deliveries (lane, id) WHERE state = 'waiting'",
        "CREATE INDEX deliveries_by_state ON deliveries (state, id)",
        "CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint, id)",
        "CREATE INDEX deliveries_by_age ON deliveries (received_at)",
        """
        CREATE TABLE delivery_hashes (
            body_hash BLOB PRIMARY KEY,
            received_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX delivery_hashes_by_age ON delivery_hashes (received_at)",
        """
        CREATE TABLE delivery_refusals (
            endpoint TEXT NOT NULL,
            reason TEXT NOT NULL,
            count INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            PRIMARY KEY (endpoint, reason)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let work = [
        """
        CREATE TABLE jobs (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            dedupe_key TEXT UNIQUE,
            repeats_every INTEGER,
            state TEXT NOT NULL,
            due_at INTEGER NOT NULL,
            tries INTEGER NOT NULL,
            owner TEXT,
            claim INTEGER,
            lease_until INTEGER NOT NULL,
            progress TEXT,
            last_error TEXT,
            created_at INTEGER NOT NULL,
            last_started_at INTEGER,
            last_finished_at INTEGER
        ) STRICT
        """,
        "CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'waiting'",
        "CREATE INDEX jobs_by_state ON jobs (state, id)",
        """
        CREATE TABLE leases (
            name TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            held_until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE channel_templates (
            id INTEGER PRIMARY KEY,
            channel TEXT NOT NULL,
            external_id TEXT NOT NULL,
            name TEXT NOT NULL,
            language TEXT NOT NULL,
            status TEXT NOT NULL,
            category TEXT NOT NULL,
            body_parameters TEXT NOT NULL,
            body_text TEXT NOT NULL,
            components TEXT NOT NULL,
            quality TEXT,
            seen_at INTEGER NOT NULL,
            UNIQUE (channel, name, language)
        ) STRICT
        """,
    ]
}
