package import SQL

extension Migration {
    /// The message ledger: one row per intent and person, a row per try, and the trail of every decision.
    package static let ledger = Migration(
        2, "ledger",
        common: [
            """
            CREATE TABLE messages (
                id INTEGER PRIMARY KEY,
                intent_key TEXT NOT NULL UNIQUE,
                purpose TEXT NOT NULL,
                class INTEGER NOT NULL,
                contact_id INTEGER NOT NULL,
                channel TEXT NOT NULL,
                text TEXT,
                template_name TEXT,
                template_language TEXT,
                template_parameters TEXT,
                source_kind TEXT NOT NULL,
                source_id INTEGER,
                source_rule TEXT,
                forerunner INTEGER,
                required_order_status TEXT,
                status TEXT NOT NULL,
                reason TEXT,
                failure_class TEXT,
                failure_code TEXT,
                failure_detail TEXT,
                recipient TEXT,
                provider_id TEXT,
                possible_duplicate INTEGER NOT NULL DEFAULT 0,
                first_due_at INTEGER NOT NULL,
                due_at INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                handed_over_at INTEGER,
                accepted_at INTEGER,
                sent_at INTEGER,
                delivered_at INTEGER,
                read_at INTEGER,
                failed_at INTEGER,
                attempts INTEGER NOT NULL DEFAULT 0,
                rate_tries INTEGER NOT NULL DEFAULT 0,
                server_tries INTEGER NOT NULL DEFAULT 0,
                network_tries INTEGER NOT NULL DEFAULT 0,
                claim_token INTEGER,
                claim_until INTEGER,
                version INTEGER NOT NULL DEFAULT 0
            )
            """,
            "CREATE INDEX messages_due ON messages (class, due_at, id) WHERE status = 'planned'",
            "CREATE INDEX messages_in_hand ON messages (claim_until) WHERE status IN ('claimed', 'handed_over')",
            "CREATE INDEX messages_unknown ON messages (handed_over_at) WHERE status = 'unknown'",
            "CREATE INDEX messages_status ON messages (status, id)",
            "CREATE INDEX messages_contact ON messages (contact_id, id)",
            "CREATE INDEX messages_source ON messages (source_kind, source_id, id)",
            "CREATE INDEX messages_capped ON messages (contact_id, accepted_at) WHERE class = 1",
            """
            CREATE TABLE attempts (
                message_id INTEGER NOT NULL,
                n INTEGER NOT NULL,
                claim_token INTEGER NOT NULL,
                channel TEXT NOT NULL,
                sending_number TEXT NOT NULL,
                epoch INTEGER NOT NULL,
                handed_over_at INTEGER NOT NULL,
                answered_at INTEGER,
                outcome TEXT,
                provider_id TEXT,
                http_status INTEGER,
                code TEXT,
                detail TEXT,
                PRIMARY KEY (message_id, n)
            )
            """,
            "CREATE INDEX attempts_provider ON attempts (provider_id) WHERE provider_id IS NOT NULL",
            """
            CREATE TABLE trail (
                id INTEGER PRIMARY KEY,
                message_id INTEGER NOT NULL,
                at INTEGER NOT NULL,
                kind TEXT NOT NULL,
                data TEXT NOT NULL
            )
            """,
            "CREATE INDEX trail_message ON trail (message_id, id)",
            """
            CREATE TABLE early_statuses (
                id INTEGER PRIMARY KEY,
                channel TEXT NOT NULL,
                provider_id TEXT NOT NULL,
                status TEXT NOT NULL,
                at INTEGER NOT NULL,
                failure_class TEXT,
                failure_code TEXT,
                failure_detail TEXT,
                received_at INTEGER NOT NULL
            )
            """,
            "CREATE INDEX early_statuses_provider ON early_statuses (provider_id)",
            "CREATE INDEX early_statuses_age ON early_statuses (received_at)",
            """
            CREATE TABLE pauses (
                scope TEXT NOT NULL,
                subject TEXT NOT NULL,
                reason TEXT NOT NULL,
                code TEXT,
                since INTEGER NOT NULL,
                until INTEGER,
                PRIMARY KEY (scope, subject)
            )
            """,
            """
            CREATE TABLE inbound_messages (
                id INTEGER PRIMARY KEY,
                channel TEXT NOT NULL,
                provider_id TEXT NOT NULL,
                contact_id INTEGER NOT NULL,
                type TEXT NOT NULL,
                text TEXT,
                replies_to TEXT,
                at INTEGER NOT NULL,
                received_at INTEGER NOT NULL,
                UNIQUE (channel, provider_id)
            )
            """,
            "CREATE INDEX inbound_messages_contact ON inbound_messages (contact_id, id)",
            """
            CREATE TABLE conversation_windows (
                contact_id INTEGER NOT NULL,
                channel TEXT NOT NULL,
                last_inbound_at INTEGER NOT NULL,
                PRIMARY KEY (contact_id, channel)
            )
            """,
        ])
}
