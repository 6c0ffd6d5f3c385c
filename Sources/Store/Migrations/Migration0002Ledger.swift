package import SQL

extension Migration {
    /// The message ledger: one row per intent and person, a row per try, and the trail of every decision.
    package static let ledger = Migration(
        2, "ledger",
        common: [
            """
            CREATE TABLE messages (
                id BIGINT PRIMARY KEY,
                intent_key TEXT NOT NULL UNIQUE,
                purpose TEXT NOT NULL,
                class INTEGER NOT NULL,
                contact_id BIGINT NOT NULL,
                channel TEXT NOT NULL,
                text TEXT,
                template_name TEXT,
                template_language TEXT,
                template_parameters TEXT,
                source_kind TEXT NOT NULL,
                source_id BIGINT,
                source_rule TEXT,
                forerunner BIGINT,
                required_order_status TEXT,
                status TEXT NOT NULL,
                reason TEXT,
                failure_class TEXT,
                failure_code TEXT,
                failure_detail TEXT,
                recipient TEXT,
                provider_id TEXT,
                possible_duplicate INTEGER NOT NULL DEFAULT 0,
                first_due_at BIGINT NOT NULL,
                due_at BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                handed_over_at BIGINT,
                accepted_at BIGINT,
                sent_at BIGINT,
                delivered_at BIGINT,
                read_at BIGINT,
                failed_at BIGINT,
                attempts INTEGER NOT NULL DEFAULT 0,
                rate_tries INTEGER NOT NULL DEFAULT 0,
                server_tries INTEGER NOT NULL DEFAULT 0,
                network_tries INTEGER NOT NULL DEFAULT 0,
                claim_token BIGINT,
                claim_until BIGINT,
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
                message_id BIGINT NOT NULL,
                n INTEGER NOT NULL,
                claim_token BIGINT NOT NULL,
                channel TEXT NOT NULL,
                sending_number TEXT NOT NULL,
                epoch BIGINT NOT NULL,
                handed_over_at BIGINT NOT NULL,
                answer_by BIGINT NOT NULL,
                answered_at BIGINT,
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
                id BIGINT PRIMARY KEY,
                message_id BIGINT NOT NULL,
                at BIGINT NOT NULL,
                kind TEXT NOT NULL,
                data TEXT NOT NULL
            )
            """,
            "CREATE INDEX trail_message ON trail (message_id, id)",
            """
            CREATE TABLE early_statuses (
                id BIGINT PRIMARY KEY,
                channel TEXT NOT NULL,
                provider_id TEXT NOT NULL,
                status TEXT NOT NULL,
                at BIGINT NOT NULL,
                failure_class TEXT,
                failure_code TEXT,
                failure_detail TEXT,
                received_at BIGINT NOT NULL
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
                since BIGINT NOT NULL,
                until BIGINT,
                PRIMARY KEY (scope, subject)
            )
            """,
            """
            CREATE TABLE inbound_messages (
                id BIGINT PRIMARY KEY,
                channel TEXT NOT NULL,
                provider_id TEXT NOT NULL,
                contact_id BIGINT NOT NULL,
                type TEXT NOT NULL,
                text TEXT,
                replies_to TEXT,
                at BIGINT NOT NULL,
                received_at BIGINT NOT NULL,
                UNIQUE (channel, provider_id)
            )
            """,
            "CREATE INDEX inbound_messages_contact ON inbound_messages (contact_id, id)",
            """
            CREATE TABLE conversation_windows (
                contact_id BIGINT NOT NULL,
                channel TEXT NOT NULL,
                last_inbound_at BIGINT NOT NULL,
                PRIMARY KEY (contact_id, channel)
            )
            """,
        ])
}
