import Core
import SQL

/// Two contacts that turned out to be one person: all that points to the one moves to the other.
///
/// The row that is taken in stays, without its keys, so that old links and messages still find their person.
enum ContactMerge {
    static func run(_ gone: Contact, into kept: Contact, at now: Timestamp, in tx: any WriteTransaction) throws {
        var empty = gone
        if let phone = gone.phone, !empty.formerPhones.contains(phone) { empty.formerPhones.append(phone) }
        empty.phone = nil
        empty.bsuid = nil
        empty.mergedInto = kept.id
        empty.updatedAt = now
        try ContactsTable.write(&empty, in: tx)
        try tx.run("UPDATE orders SET contact_id = \(kept.id) WHERE contact_id = \(gone.id)")
        try tx.run(
            """
            UPDATE messages SET contact_id = \(kept.id), version = version + 1, updated_at = \(now)
            WHERE contact_id = \(gone.id)
            """)
        try tx.run("UPDATE contact_accounts SET contact_id = \(kept.id) WHERE contact_id = \(gone.id)")
        try tx.run("UPDATE inbound_messages SET contact_id = \(kept.id) WHERE contact_id = \(gone.id)")
        try tx.run(
            """
            INSERT INTO conversation_windows (contact_id, channel, last_inbound_at)
            SELECT \(kept.id), channel, last_inbound_at FROM conversation_windows WHERE contact_id = \(gone.id)
            ON CONFLICT (contact_id, channel) DO UPDATE SET last_inbound_at = excluded.last_inbound_at
            WHERE conversation_windows.last_inbound_at < excluded.last_inbound_at
            """)
        try tx.run("DELETE FROM conversation_windows WHERE contact_id = \(gone.id)")
        try tx.run("UPDATE consents SET contact_id = \(kept.id) WHERE contact_id = \(gone.id)")
        try tx.run("UPDATE preference_tokens SET contact_id = \(kept.id) WHERE contact_id = \(gone.id)")
        // For each purpose the later word holds; of words of one moment the withdrawal.
        try tx.run(
            """
            INSERT INTO consent_state (contact_id, purpose, state, at, source, consent_id)
            SELECT \(kept.id), purpose, state, at, source, consent_id FROM consent_state
            WHERE contact_id = \(gone.id)
            ON CONFLICT (contact_id, purpose) DO UPDATE
            SET state = excluded.state, at = excluded.at, source = excluded.source, consent_id = excluded.consent_id
            WHERE excluded.at > consent_state.at
                OR (excluded.at = consent_state.at AND excluded.state = 'withdrawn')
            """)
        try tx.run("DELETE FROM consent_state WHERE contact_id = \(gone.id)")
    }
}
