import Domain
import SQL

extension Migration {
    /// Chats, and what was said in them. `recipient` is E.164, or a user id that hides the phone. Of a message from
    /// the shop its attempt is kept; of one from the person `message_id` is null.
    static let phone = Migration(
        1, "phone",
        common: [
            """
            CREATE TABLE sandbox_chats (
                id INTEGER PRIMARY KEY,
                recipient TEXT NOT NULL UNIQUE,
                latest_at INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX sandbox_chats_latest ON sandbox_chats (latest_at, id)",
            """
            CREATE TABLE sandbox_messages (
                id INTEGER PRIMARY KEY,
                chat_id INTEGER NOT NULL REFERENCES sandbox_chats (id) ON DELETE CASCADE,
                message_id INTEGER,
                attempt INTEGER,
                body TEXT NOT NULL,
                status TEXT NOT NULL,
                at INTEGER NOT NULL,
                UNIQUE (message_id, attempt)
            ) STRICT
            """,
            "CREATE INDEX sandbox_messages_chat ON sandbox_messages (chat_id, id)",
            "CREATE INDEX sandbox_messages_at ON sandbox_messages (at)",
        ])
}

/// What the sandbox's tables know of persons.
enum PhoneTables {
    static let personalData = [
        PersonalData(
            table: "sandbox_chats", columns: ["recipient": .erase], retentionSetting: "messages.text_retention"),
        PersonalData(
            table: "sandbox_messages", columns: ["body": .erase], retentionSetting: "messages.text_retention"),
    ]
}
