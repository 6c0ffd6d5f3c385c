package import Core
import Crypto
package import Domain
package import SQL

/// "Do not write to this person", kept as a keyed hash of the phone or user id: it survives the erasure of all else
/// and tells nobody whom it means.
package struct Suppressions: Sendable {
    let keys: HostKeys

    /// Stands for every purpose.
    package static let everything = Purpose(rawValue: "*")

    package init(keys: HostKeys) { self.keys = keys }

    package func keep(
        _ purpose: Purpose, for person: PersonKey, reason: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        for hash in hashes(person) {
            try tx.run(
                """
                INSERT INTO suppressions (person_hash, purpose, reason, at)
                VALUES (\(hash), \(purpose.rawValue), \(reason), \(now))
                ON CONFLICT (person_hash, purpose) DO NOTHING
                """)
        }
    }

    /// Before a contact goes: what the person has withdrawn stays withdrawn, by phone and former phones too.
    package func keepWithdrawals(of contact: Contact, at now: Timestamp, in tx: any WriteTransaction) throws {
        let phones = [contact.phone] + contact.formerPhones.map { $0 }
        for (purpose, standing) in try ConsentStatesTable.all(of: contact.id, in: tx)
        where standing.state == .withdrawn {
            for phone in phones {
                let person = PersonKey(phone: phone, bsuid: contact.bsuid)
                try keep(purpose, for: person, reason: "withdrawn", at: now, in: tx)
            }
        }
    }

    package func lift(_ purpose: Purpose, for person: PersonKey, in tx: any WriteTransaction) throws {
        for hash in hashes(person) {
            try tx.run("DELETE FROM suppressions WHERE person_hash = \(hash) AND purpose = \(purpose.rawValue)")
        }
    }

    /// The purposes for which the person must not be written to; `everything` may be among them.
    package func purposes(for person: PersonKey, in tx: any ReadTransaction) throws -> Set<Purpose> {
        var found: Set<Purpose> = []
        for hash in hashes(person) {
            for row in try tx.rows("SELECT purpose FROM suppressions WHERE person_hash = \(hash)") {
                found.insert(Purpose(rawValue: try row.text(0)))
            }
        }
        return found
    }

    /// The same for many people at once, in their order.
    package func purposes(for people: [PersonKey], in tx: any ReadTransaction) throws -> [Set<Purpose>] {
        let hashes = people.map(hashes)
        let wanted: [Query] = hashes.joined().map { "\($0)" }
        guard !wanted.isEmpty else { return people.map { _ in [] } }
        let rows = try tx.rows(
            "SELECT person_hash, purpose FROM suppressions WHERE person_hash IN (\(Query.joined(wanted, ", ")))")
        let found = try Dictionary(grouping: rows) { try $0.bytes(0) }
        return try hashes.map { hashes in
            Set(try hashes.flatMap { found[$0] ?? [] }.map { Purpose(rawValue: try $0.text(1)) })
        }
    }

    package func isSuppressed(
        _ person: PersonKey, for purpose: Purpose, in tx: any ReadTransaction
    ) throws -> Bool {
        !(try purposes(for: person, in: tx).isDisjoint(with: [purpose, Self.everything]))
    }

    /// One for the phone, one for the user id.
    func hashes(_ person: PersonKey) -> [[UInt8]] {
        [person.phone.map { "phone:" + $0 }, person.bsuid.map { "bsuid:" + $0 }].compactMap { $0 }
            .map { keys.suppression.code(for: $0) }
    }
}
