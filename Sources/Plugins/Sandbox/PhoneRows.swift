import Core
import Domain
import SQL

/// The sandbox's rows and their SQL. A key that was drawn before the write makes a closure that runs twice write the
/// same rows.
enum PhoneRows {
    static func chats(limit: Int, in tx: any ReadTransaction) throws -> [PhoneChat] {
        try tx.rows(chatColumns + " ORDER BY c.latest_at DESC, c.id DESC LIMIT \(limit)").map(chat)
    }

    static func chat(_ id: ID, in tx: any ReadTransaction) throws -> PhoneChat? {
        try tx.first(chatColumns + " WHERE c.id = \(id)").map(chat)
    }

    static func chat(with recipient: String, in tx: any ReadTransaction) throws -> ID? {
        try tx.first("SELECT id FROM sandbox_chats WHERE recipient = \(recipient)")?.id(0)
    }

    /// The latest, in the order in which they came.
    static func messages(of chat: ID, limit: Int, in tx: any ReadTransaction) throws -> [PhoneMessage] {
        try tx.rows(
            messageColumns + " WHERE chat_id = \(chat) ORDER BY id DESC LIMIT \(limit)"
        ).map(message).reversed()
    }

    /// The latest attempt of a message of the ledger in a chat.
    static func latestAttempt(of message: ID, in chat: ID, _ tx: any ReadTransaction) throws -> PhoneMessage? {
        try tx.first(
            messageColumns + " WHERE message_id = \(message) AND chat_id = \(chat) ORDER BY attempt DESC LIMIT 1"
        ).map(Self.message)
    }

    /// Those from the shop since `time`, the latest first.
    static func delivered(since time: Timestamp, limit: Int, in tx: any ReadTransaction) throws -> [PhoneMessage] {
        try tx.rows(
            messageColumns + " WHERE at >= \(time) AND message_id IS NOT NULL ORDER BY at DESC LIMIT \(limit)"
        ).map(message)
    }

    /// The chat with this person, made when it is the first time.
    static func chat(with recipient: String, new: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> ID {
        if let known = try tx.first("SELECT id FROM sandbox_chats WHERE recipient = \(recipient)")?.id(0) {
            try tx.run("UPDATE sandbox_chats SET latest_at = \(now) WHERE id = \(known)")
            return known
        }
        try tx.run("INSERT INTO sandbox_chats (id, recipient, latest_at) VALUES (\(new), \(recipient), \(now))")
        return new
    }

    /// - Returns: false when this attempt is here already.
    @discardableResult
    static func add(_ message: PhoneMessage, to chat: ID, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            """
            INSERT INTO sandbox_messages (id, chat_id, message_id, attempt, body, status, at)
            VALUES (\(message.id), \(chat), \(message.attempt?.messageID), \(message.attempt?.number),
                \(message.text), \(message.status.rawValue), \(message.at))
            ON CONFLICT (message_id, attempt) DO NOTHING
            """) == 1
    }

    /// Only forward, whoever else reports at the same time.
    static func move(
        _ message: ID, from: MessageStatus, to status: MessageStatus, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE sandbox_messages SET status = \(status.rawValue)
            WHERE id = \(message) AND status = \(from.rawValue)
            """)
    }

    /// Takes the chats of these recipients away, and these messages of the ledger out of all others.
    static func forget(_ recipients: [String], messages: [ID], in tx: any WriteTransaction) throws {
        let chats: Query = "SELECT id FROM sandbox_chats WHERE recipient IN \(.list(recipients))"
        try tx.run(
            """
            DELETE FROM sandbox_messages
            WHERE message_id IN \(.list(messages.map(\.number))) OR chat_id IN (\(chats))
            """)
        try tx.run(
            """
            DELETE FROM sandbox_chats
            WHERE NOT EXISTS (SELECT 1 FROM sandbox_messages m WHERE m.chat_id = sandbox_chats.id)
            """)
    }

    private static let chatColumns: Query = """
        SELECT c.id, c.recipient, c.latest_at, COALESCE((SELECT m.body FROM sandbox_messages m
            WHERE m.chat_id = c.id ORDER BY m.id DESC LIMIT 1), '') FROM sandbox_chats c
        """
    private static let messageColumns: Query =
        "SELECT id, message_id, attempt, body, status, at FROM sandbox_messages"

    private static func chat(_ row: Row) throws -> PhoneChat {
        PhoneChat(
            id: try row.id(0), recipient: try row.text(1), latestAt: try row.time(2), latest: try row.text(3))
    }

    private static func message(_ row: Row) throws -> PhoneMessage {
        var attempt: AttemptRef?
        if let message = try row.idOrNil(1) { attempt = AttemptRef(messageID: message, number: try row.int(2)) }
        return PhoneMessage(
            id: try row.id(0), attempt: attempt, text: try row.text(3),
            status: MessageStatus(rawValue: try row.text(4)) ?? .sent, at: try row.time(5))
    }
}
