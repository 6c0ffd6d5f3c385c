package import Domain

extension PersonalData {
    /// What the host's own tables know of persons. Plugins declare theirs themselves.
    ///
    /// The ledger's rows outlive an erased person without the person: what was sent, when and why stays countable.
    package static let ofHost = contacts + consents + shop + ledger + staff + work

    /// The other tables: what they say is of the shop and the program, never of a person. A new table goes into one
    /// of the two lists, or a test fails.
    package static let impersonalHostTables: Set<String> = [
        "settings", "revisions", "plugins", "tokens", "start_links", "consent_seals", "delivery_hashes",
        "delivery_refusals", "leases", "channel_templates", "pauses", "products", "coupons", "alerts", "alert_routes",
        "nodes", "node_sightings", "instance", "doctor_answers",
    ]

    private static let contacts = [
        PersonalData(
            table: "contacts",
            columns: [
                "phone": .erase, "phone_raw": .erase, "phone_problem": .erase, "former_phones": .erase,
                "bsuid": .erase, "email": .erase, "email_key": .erase, "first_name": .erase, "last_name": .erase,
                "name_key": .erase, "last_name_key": .erase, "locale": .erase, "country": .erase, "time_zone": .erase,
                "tags": .erase,
                "custom": .erase,
            ], retentionSetting: "contacts.retention"),
        PersonalData(
            table: "contact_accounts", columns: ["external_id": .erase, "contact_id": .erase],
            retentionSetting: "contacts.retention"),
        PersonalData(
            table: "suppressions", columns: ["person_hash": .keepKeyedHash], retentionSetting: nil),
    ]

    /// The rows are evidence and stay; what names the person stands in the details and goes, salt and all.
    private static let consents = [
        PersonalData(
            table: "consents",
            columns: [
                "phone_hash": .keepKeyedHash, "bsuid_hash": .keepKeyedHash, "address_hash": .keepKeyedHash,
                "agent_hash": .keepKeyedHash, "page_hash": .keepKeyedHash, "wording_hash": .keepKeyedHash,
                "reason_hash": .keepKeyedHash,
            ], retentionSetting: nil),
        PersonalData(table: "consent_details", columns: ["salt": .erase, "value": .erase], retentionSetting: nil),
        PersonalData(table: "consent_state", columns: ["contact_id": .erase], retentionSetting: nil),
        PersonalData(
            table: "preference_tokens", columns: ["token_hash": .erase, "contact_id": .erase], retentionSetting: nil),
        PersonalData(table: "pending_consents", columns: ["statement": .erase], retentionSetting: nil),
    ]

    private static let shop = [
        PersonalData(
            table: "orders",
            columns: [
                "customer_external_id": .erase, "first_name": .erase, "last_name": .erase, "name_key": .erase,
                "email": .erase, "phone_raw": .erase, "phone_problem": .erase, "order_key": .erase,
                "payment_url": .erase,
                "tracking_url": .erase, "tracking_number": .erase, "total_minor": .aggregate,
            ], retentionSetting: "contacts.retention"),
        PersonalData(table: "events", columns: ["text": .erase], retentionSetting: "contacts.retention"),
        PersonalData(
            table: "deliveries", columns: ["headers": .erase, "body": .erase, "lane": .erase, "note": .erase],
            retentionSetting: "deliveries.retention"),
    ]

    private static let ledger = [
        PersonalData(
            table: "messages",
            columns: ["recipient": .erase, "text": .erase, "template_parameters": .erase, "status": .aggregate],
            retentionSetting: "messages.text_retention"),
        PersonalData(table: "trail", columns: ["data": .erase], retentionSetting: "messages.text_retention"),
        PersonalData(table: "attempts", columns: ["detail": .erase], retentionSetting: "messages.text_retention"),
        PersonalData(
            table: "early_statuses", columns: ["failure_detail": .erase], retentionSetting: "messages.text_retention"),
        PersonalData(table: "conversation_windows", columns: ["contact_id": .erase], retentionSetting: nil),
        PersonalData(
            table: "inbound_messages", columns: ["text": .erase], retentionSetting: "messages.text_retention"),
    ]

    /// The people who work with the program; they leave with their account.
    private static let staff = [
        PersonalData(
            table: "users", columns: ["email": .erase, "email_key": .erase, "name": .erase], retentionSetting: nil),
        PersonalData(table: "sessions", columns: ["address": .erase, "agent": .erase], retentionSetting: nil),
        PersonalData(table: "second_factors", columns: ["secret": .erase], retentionSetting: nil),
        PersonalData(table: "recovery_codes", columns: ["code_hash": .erase], retentionSetting: nil),
        PersonalData(
            table: "half_sign_ins", columns: ["token_hash": .erase, "visitor_hash": .erase], retentionSetting: nil),
        PersonalData(
            table: "account_links", columns: ["email": .erase, "email_key": .erase, "token_hash": .erase],
            retentionSetting: nil),
        PersonalData(table: "idempotency", columns: ["body": .erase], retentionSetting: nil),
    ]

    /// Payloads may name a person; what is done goes by age.
    private static let work = [
        PersonalData(table: "throttles", columns: ["key": .erase], retentionSetting: nil),
        PersonalData(
            table: "jobs", columns: ["payload": .erase, "progress": .erase, "last_error": .erase],
            retentionSetting: nil),
        PersonalData(table: "audit", columns: ["actor": .aggregate, "data": .erase], retentionSetting: nil),
        PersonalData(table: "backups", columns: ["actor": .aggregate], retentionSetting: nil),
    ]
}
