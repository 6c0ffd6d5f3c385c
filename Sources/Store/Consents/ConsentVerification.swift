package import Core
package import Database
import SQL

/// What is wrong with a consent on record.
package enum ConsentFinding: Sendable, Hashable {
    package enum Fact: String, Sendable {
        /// A fact of the row.
        case row
        /// A detail that does not belong to the row's hash, or is gone without a word.
        case detail
        /// The seal that covers the row.
        case seal
    }

    case changed(ID, Fact)
    /// Sealed once, and gone.
    case missing(ID)
    /// On record, but neither sealed nor waiting for it; or not made with our key.
    case inserted(ID)
    /// It points to a person who never had the phone by which it was given.
    case repointed(ID)
    /// Seals from this number on are missing.
    case cut(Int64)
}

/// Checks every consent against its digest, its details, its person and the chain of seals. Reads in short
/// transactions, so that it may run beside the day's work.
package struct ConsentVerification: Sendable {
    package struct Verdict: Sendable, Equatable {
        package var rows: Int
        package var head: ConsentHead?
        /// Empty when all is well.
        package var findings: [ConsentFinding]
    }

    private static let batch = 500
    private let keys: HostKeys

    package init(keys: HostKeys) { self.keys = keys }

    /// - Parameter known: a head that was kept elsewhere; the chain must still contain it.
    package func run(on database: Database, known: ConsentHead? = nil) throws -> Verdict {
        var verdict = Verdict(rows: 0, head: nil, findings: [])
        var last = ID(0)
        while true {
            let page = try database.read { tx in try rows(after: last, in: tx) }
            verdict.rows += page.count
            verdict.findings += page.findings
            guard let next = page.last else { break }
            last = next
        }
        var head = ConsentHead(seq: 0, seal: [])
        while true {
            let page = try database.read { tx in try seals(after: head, known: known, in: tx) }
            verdict.findings += page.findings
            guard let next = page.head else { break }
            head = next
        }
        if let known, known.seq > head.seq { verdict.findings.append(.cut(head.seq + 1)) }
        if head.seq > 0 { verdict.head = head }
        return verdict
    }

    private func rows(
        after last: ID, in tx: any ReadTransaction
    ) throws -> (count: Int, last: ID?, findings: [ConsentFinding]) {
        let records = try ConsentsTable.rows(after: last, limit: Self.batch, in: tx)
        let ids = records.map(\.id)
        let list = Query.list(ids.map(\.number))
        let kept = Dictionary(grouping: try ConsentsTable.details(of: ids, in: tx), by: \.consentID)
        let excused = try Set(
            tx.rows("SELECT about, about_detail FROM consents WHERE about IN \(list)").map {
                "\(try $0.integer(0)) \(try $0.text(1))"
            })
        let seals = try Dictionary(
            uniqueKeysWithValues: tx.rows("SELECT consent_id, digest FROM consent_seals WHERE consent_id IN \(list)")
                .map { (try $0.id(0), try $0.bytes(1)) })
        let waiting = try Set(
            tx.rows("SELECT consent_id FROM consent_unsealed WHERE consent_id IN \(list)").map { try $0.id(0) })
        var findings: [ConsentFinding] = []
        for record in records {
            if let seal = seals[record.id] {
                if seal != record.digest { findings.append(.changed(record.id, .seal)) }
            } else if !waiting.contains(record.id) {
                findings.append(.inserted(record.id))
            }
            if ConsentDigest.digest(of: record, keys: keys) != record.digest {
                findings.append(.changed(record.id, .row))
            }
            let details = kept[record.id] ?? []
            if !agree(record, details, isExcused: { excused.contains("\(record.id) \($0.rawValue)") }) {
                findings.append(.changed(record.id, .detail))
            }
            if try !belongs(record, details, in: tx) { findings.append(.repointed(record.id)) }
        }
        return (records.count, ids.last, findings)
    }

    /// Every detail that is kept fits its hash, and every one that is not is accounted for by a later row.
    private func agree(
        _ record: ConsentRecord, _ kept: [ConsentsTable.KeptDetail], isExcused: (ConsentDetail) -> Bool
    ) -> Bool {
        for detail in ConsentDetail.allCases {
            let present = kept.first { $0.detail == detail }
            switch (record.hashes[detail], present) {
            case (nil, nil): continue
            case (nil, _): return false
            case (_, nil): if !isExcused(detail) { return false }
            case (let hash, let present?):
                if hash != ConsentDigest.hash(of: present.value, salt: present.salt) { return false }
            }
        }
        return true
    }

    /// The contact that the row points to has, or had, the phone or user id by which the consent was given.
    private func belongs(
        _ record: ConsentRecord, _ kept: [ConsentsTable.KeptDetail], in tx: any ReadTransaction
    ) throws -> Bool {
        guard let contactID = record.contactID else { return true }
        let given = kept.filter { $0.detail == .phone || $0.detail == .bsuid }
        if given.isEmpty { return true }
        var known: Set<String> = []
        for row in try tx.rows(
            """
            SELECT phone, bsuid, former_phones FROM contacts WHERE id = \(contactID) OR merged_into = \(contactID)
            """
        ) {
            known.formUnion([try row.textOrNil(0), try row.textOrNil(1)].compactMap { $0 })
            known.formUnion(try JSONColumn.list(row.text(2)))
        }
        return given.contains { known.contains($0.value) }
    }

    private func seals(
        after head: ConsentHead, known: ConsentHead?, in tx: any ReadTransaction
    ) throws -> (head: ConsentHead?, findings: [ConsentFinding]) {
        let rows = try tx.rows(
            """
            SELECT s.seq, s.consent_id, s.digest, s.previous, s.seal, c.id
            FROM consent_seals s LEFT JOIN consents c ON c.id = s.consent_id
            WHERE s.seq > \(head.seq) ORDER BY s.seq LIMIT \(Self.batch)
            """)
        var head = head
        var findings: [ConsentFinding] = []
        for row in rows {
            let seq = try row.integer(0)
            let id = try row.id(1)
            let seal = try row.bytes(4)
            if seq != head.seq + 1 { findings.append(.cut(head.seq + 1)) }
            let made = ConsentDigest.seal(
                seq: seq, consentID: id, digest: try row.bytes(2), previous: try row.bytes(3), keys: keys)
            let follows = try seq != head.seq + 1 || row.bytes(3) == head.seal
            let isKnown = known.map { $0.seq != seq || $0.seal == seal } ?? true
            if made != seal || !follows || !isKnown { findings.append(.changed(id, .seal)) }
            if try row.idOrNil(5) == nil { findings.append(.missing(id)) }
            head = ConsentHead(seq: seq, seal: seal)
        }
        return (rows.isEmpty ? nil : head, findings)
    }
}
