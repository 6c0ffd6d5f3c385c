package import Core
package import Domain
package import SQL

/// What a person last said, by purpose: the quick look that every decision takes. The evidence is in `consents`.
package enum ConsentStatesTable {
    package struct Standing: Sendable, Equatable {
        package var state: ConsentState
        package var at: Timestamp
        package var source: String
        package var consentID: ID
    }

    /// Purposes that the person never spoke of are not in it.
    package static func all(of contact: ID, in tx: any ReadTransaction) throws -> [Purpose: Standing] {
        let rows = try tx.rows(
            "SELECT purpose, state, at, source, consent_id FROM consent_state WHERE contact_id = \(contact)")
        return try Dictionary(
            uniqueKeysWithValues: rows.map { (Purpose(rawValue: try $0.text(0)), try standing($0)) })
    }

    /// The same for many people, each with what they spoke of.
    package static func all(
        ofContacts contacts: [ID], in tx: any ReadTransaction
    ) throws -> [ID: [Purpose: Standing]] {
        let rows = try tx.rows(
            """
            SELECT purpose, state, at, source, consent_id, contact_id FROM consent_state
            WHERE contact_id IN \(Query.list(contacts.map(\.number)))
            """)
        return try rows.reduce(into: [:]) { all, row in
            all[try row.id(5), default: [:]][Purpose(rawValue: try row.text(0))] = try standing(row)
        }
    }

    package static func find(
        _ purpose: Purpose, of contact: ID, in tx: any ReadTransaction
    ) throws -> Standing? {
        try tx.first(
            """
            SELECT purpose, state, at, source, consent_id FROM consent_state
            WHERE contact_id = \(contact) AND purpose = \(purpose.rawValue)
            """
        ).map(standing)
    }

    /// The later word holds, of words of one moment the one that came last. False when an earlier word was put on
    /// record, as by an import: it changes nothing today.
    static func say(_ record: ConsentRecord, of contact: ID, in tx: any WriteTransaction) throws -> Bool {
        let state: ConsentState = record.kind == .grant ? .granted : .withdrawn
        return try tx.run(
            """
            INSERT INTO consent_state (contact_id, purpose, state, at, source, consent_id)
            VALUES (\(contact), \(record.purpose.rawValue), \(state.rawValue), \(record.at), \(record.source),
                \(record.id))
            ON CONFLICT (contact_id, purpose) DO UPDATE
            SET state = excluded.state, at = excluded.at, source = excluded.source, consent_id = excluded.consent_id
            WHERE excluded.at >= consent_state.at
            """) > 0
    }

    private static func standing(_ row: Row) throws -> Standing {
        Standing(
            state: ConsentState(rawValue: try row.text(1)) ?? .withdrawn, at: try row.time(2),
            source: try row.text(3), consentID: try row.id(4))
    }
}
