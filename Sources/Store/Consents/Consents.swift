package import Core
import Crypto
package import Domain
package import SQL

/// Puts grants and withdrawals on record, and takes details off it again without harming the evidence.
package struct Consents: Sendable {
    let keys: HostKeys

    package init(keys: HostKeys) { self.keys = keys }

    package struct Recorded: Sendable, Equatable {
        package var record: ConsentRecord
        /// How the person stood to the purpose before.
        package var before: ConsentState
        /// False when a later word was known already: nothing is to be done about messages then.
        package var isInForce: Bool
    }

    /// Writes down what a person said. Its time is never taken later than `now`: a client whose clock runs ahead
    /// must not outlive the withdrawal that follows. A grant lifts the person's suppression for the purpose.
    package func record(
        _ said: ConsentStatement, by contact: Contact, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Recorded {
        let values: [ConsentDetail: String?] = [
            .phone: contact.phone, .bsuid: contact.bsuid, .wording: said.wording?.text, .page: said.pageURL,
            .address: said.ipAddress, .agent: said.userAgent, .reason: said.reason,
        ]
        let record = try add(
            ConsentRecord(
                id: ID.make(at: now), contactID: contact.id, kind: said.action == .grant ? .grant : .withdraw,
                purpose: said.purpose, at: min(said.at, now), recordedAt: now, source: said.source,
                actor: said.actor, wordingVersion: said.wording?.version, wordingLanguage: said.wording?.language,
                hashes: [:], keyID: keys.consentKeyID, digest: []),
            values: values.compactMapValues { $0 }, in: tx)
        let before = try ConsentStatesTable.find(said.purpose, of: contact.id, in: tx)?.state ?? .none
        let isInForce = try ConsentStatesTable.say(record, of: contact.id, in: tx)
        if isInForce, said.action == .grant {
            let person = PersonKey(phone: contact.phone, bsuid: contact.bsuid)
            try Suppressions(keys: keys).lift(said.purpose, for: person, in: tx)
        }
        return Recorded(record: record, before: before, isInForce: isInForce)
    }

    /// Replaces a detail by a less exact one, such as an address without its last part.
    /// - Returns: false when the detail is not kept any more.
    package func shorten(
        _ detail: ConsentDetail, of record: ConsentRecord, to value: String, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws -> Bool {
        guard try ConsentsTable.removeDetail(detail, of: record.id, in: tx) else { return false }
        _ = try add(note(.shorten, detail, of: record, at: now), values: [detail: value], in: tx)
        return true
    }

    /// Erases details; each leaves a row that says so. The row itself and its hashes stay.
    package func erase(
        _ details: [ConsentDetail], of record: ConsentRecord, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        for detail in details where try ConsentsTable.removeDetail(detail, of: record.id, in: tx) {
            _ = try add(note(.erase, detail, of: record, at: now), values: [:], in: tx)
        }
    }

    private func note(
        _ kind: ConsentRecord.Kind, _ detail: ConsentDetail, of record: ConsentRecord, at now: Timestamp
    ) -> ConsentRecord {
        ConsentRecord(
            id: ID.make(at: now), contactID: record.contactID, kind: kind, purpose: record.purpose, at: now,
            recordedAt: now, source: "privacy", about: record.id, aboutDetail: detail, hashes: [:],
            keyID: keys.consentKeyID, digest: [])
    }

    private func add(
        _ unsigned: ConsentRecord, values: [ConsentDetail: String], in tx: any WriteTransaction
    ) throws -> ConsentRecord {
        var record = unsigned
        var details: [ConsentsTable.KeptDetail] = []
        for (detail, value) in values {
            let salt = RandomBytes.make(16)
            record.hashes[detail] = ConsentDigest.hash(of: value, salt: salt)
            details.append(.init(consentID: record.id, detail: detail, salt: salt, value: value))
        }
        record.digest = ConsentDigest.digest(of: record, keys: keys)
        try ConsentsTable.insert(record, details: details, in: tx)
        return record
    }
}
