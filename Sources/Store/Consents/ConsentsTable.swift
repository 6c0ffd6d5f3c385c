package import Core
import Domain
package import SQL

/// Rows of evidence and their details. Rows are only ever added; `Consents` makes them.
package enum ConsentsTable {
    private static let columns: Query = """
        id, contact_id, kind, purpose, at, recorded_at, source, actor, wording_version, wording_language, about,
        about_detail, key_id, digest, phone_hash, bsuid_hash, wording_hash, page_hash, address_hash, agent_hash,
        reason_hash
        """
    /// In the order of the columns above.
    private static let hashColumns: [ConsentDetail] = [.phone, .bsuid, .wording, .page, .address, .agent, .reason]

    /// One detail with the salt that its hash was made with.
    package struct KeptDetail: Sendable, Equatable {
        package var consentID: ID
        package var detail: ConsentDetail
        package var salt: [UInt8]
        package var value: String
    }

    /// All rows of a person, the newest first.
    package static func all(of contact: ID, in tx: any ReadTransaction) throws -> [ConsentRecord] {
        try tx.rows("SELECT \(columns) FROM consents WHERE contact_id = \(contact) ORDER BY id DESC").map(record)
    }

    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> ConsentRecord? {
        try tx.first("SELECT \(columns) FROM consents WHERE id = \(id)").map(record)
    }

    /// In the order of their ids.
    static func rows(after id: ID, limit: Int, in tx: any ReadTransaction) throws -> [ConsentRecord] {
        try tx.rows(
            "SELECT \(columns) FROM consents WHERE id > \(id) ORDER BY id LIMIT \(limit)"
        ).map(record)
    }

    /// The details that are still kept of these rows.
    package static func details(of ids: [ID], in tx: any ReadTransaction) throws -> [KeptDetail] {
        try tx.rows(
            """
            SELECT consent_id, detail, salt, value FROM consent_details
            WHERE consent_id IN \(.list(ids.map(\.number)))
            """
        ).compactMap { row in
            guard let detail = ConsentDetail(rawValue: try row.text(1)) else { return nil }
            return KeptDetail(
                consentID: try row.id(0), detail: detail, salt: try row.bytes(2), value: try row.text(3))
        }
    }

    static func insert(_ r: ConsentRecord, details: [KeptDetail], in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO consents (\(columns))
            VALUES (\(r.id), \(r.contactID), \(r.kind.rawValue), \(r.purpose.rawValue), \(r.at), \(r.recordedAt),
                \(r.source), \(r.actor), \(r.wordingVersion), \(r.wordingLanguage), \(r.about),
                \(r.aboutDetail?.rawValue), \(r.keyID), \(r.digest),
                \(Query.joined(hashColumns.map { "\(r.hashes[$0])" }, ", ")))
            """)
        for kept in details {
            try tx.run(
                """
                INSERT INTO consent_details (consent_id, detail, salt, value)
                VALUES (\(kept.consentID), \(kept.detail.rawValue), \(kept.salt), \(kept.value))
                """)
        }
        try tx.run("INSERT INTO consent_unsealed (consent_id) VALUES (\(r.id))")
    }

    /// False when it was not there any more.
    static func removeDetail(_ detail: ConsentDetail, of id: ID, in tx: any WriteTransaction) throws -> Bool {
        try tx.run("DELETE FROM consent_details WHERE consent_id = \(id) AND detail = \(detail.rawValue)") > 0
    }

    private static func record(_ row: Row) throws -> ConsentRecord {
        guard let kind = ConsentRecord.Kind(rawValue: try row.text(2)) else {
            throw DatabaseError(kind: .unexpectedValue, message: "a consent of unknown kind")
        }
        var hashes: [ConsentDetail: [UInt8]] = [:]
        for (offset, detail) in hashColumns.enumerated() { hashes[detail] = try row.bytesOrNil(14 + offset) }
        return ConsentRecord(
            id: try row.id(0), contactID: try row.idOrNil(1), kind: kind, purpose: Purpose(rawValue: try row.text(3)),
            at: try row.time(4), recordedAt: try row.time(5), source: try row.text(6), actor: try row.textOrNil(7),
            wordingVersion: try row.textOrNil(8), wordingLanguage: try row.textOrNil(9), about: try row.idOrNil(10),
            aboutDetail: try row.textOrNil(11).flatMap(ConsentDetail.init), hashes: hashes, keyID: try row.text(12),
            digest: try row.bytes(13))
    }
}
