package import Core
package import Domain
package import SQL

/// What people wrote to the shop, and the 24-hour windows that opens.
package enum InboundTable {
    package struct Entry: Sendable, Equatable {
        package var id: ID
        package var contactID: ID
        package var channel: String
        package var type: String
        package var text: String?
        package var at: Timestamp
    }

    /// False when the provider has told us of this message before.
    package static func add(
        _ message: InboundMessage, contact: ID, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        let added = try tx.run(
            """
            INSERT INTO inbound_messages
                (id, channel, provider_id, contact_id, type, text, replies_to, at, received_at)
            VALUES (\(ID.make(at: now)), \(message.channel), \(message.providerID), \(contact), \(message.type),
                \(message.text), \(message.repliesTo), \(message.at), \(now))
            ON CONFLICT (channel, provider_id) DO NOTHING
            """)
        guard added == 1 else { return false }
        try tx.run(
            """
            INSERT INTO conversation_windows (contact_id, channel, last_inbound_at)
            VALUES (\(contact), \(message.channel), \(message.at))
            ON CONFLICT (contact_id, channel) DO UPDATE SET last_inbound_at = excluded.last_inbound_at
            WHERE conversation_windows.last_inbound_at < excluded.last_inbound_at
            """)
        return true
    }

    package static func lastInbound(
        contact: ID, channel: String, in tx: any ReadTransaction
    ) throws -> Timestamp? {
        try tx.first(
            """
            SELECT last_inbound_at FROM conversation_windows
            WHERE contact_id = \(contact) AND channel = \(channel)
            """
        )?.time(0)
    }

    /// The same for many people; who never wrote is not in it.
    package static func lastInbound(
        contacts: Set<ID>, channel: String, in tx: any ReadTransaction
    ) throws -> [ID: Timestamp] {
        let rows = try tx.rows(
            """
            SELECT contact_id, last_inbound_at FROM conversation_windows
            WHERE contact_id IN \(Query.list(contacts.map(\.number))) AND channel = \(channel)
            """)
        return try Dictionary(uniqueKeysWithValues: rows.map { (try $0.id(0), try $0.time(1)) })
    }

    /// Takes the words of old messages away; that somebody wrote, and when, stays.
    package static func forgetTexts(before limit: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE inbound_messages SET text = NULL WHERE id < \(ID.first(at: limit)) AND text IS NOT NULL")
    }

    /// The newest first.
    package static func recent(of contact: ID, limit: Int, in tx: any ReadTransaction) throws -> [Entry] {
        try tx.rows(
            """
            SELECT id, contact_id, channel, type, text, at FROM inbound_messages
            WHERE contact_id = \(contact) ORDER BY id DESC LIMIT \(limit)
            """
        ).map { row in
            Entry(
                id: try row.id(0), contactID: try row.id(1), channel: try row.text(2), type: try row.text(3),
                text: try row.textOrNil(4), at: try row.time(5))
        }
    }
}
