package import Core
package import Crypto
import Domain
package import SQL

/// Who said STOP after a backup was made: taken out of the database that the backup is about to replace, and put on
/// record again in the one that takes its place. A restore must not make anybody a recipient again.
package struct CarriedStops: Sendable {
    private struct Suppressed: Sendable {
        var hash: [UInt8]
        var purpose: String
        var reason: String
        var at: Timestamp
    }

    private struct Withdrawal: Sendable {
        var phone: String?
        var bsuid: String?
        var purpose: Purpose
        var at: Timestamp
        var source: String
    }

    /// Clocks of several machines differ; a stop that the backup knows already changes nothing.
    private static let margin = Timestamp.Span.hours(1)

    private var suppressed: [Suppressed] = []
    private var withdrawals: [Withdrawal] = []
    private var mark: [UInt8]?

    /// Where there was no database before.
    package init() {}

    /// - Parameter since: when the backup was made.
    package static func read(
        since: Timestamp, sealer: Sealer, in tx: any ReadTransaction
    ) throws -> CarriedStops {
        var stops = CarriedStops()
        stops.mark = try HostKeys.suppressionMark(sealer: sealer, in: tx)
        stops.suppressed = try tx.rows("SELECT person_hash, purpose, reason, at FROM suppressions").map {
            Suppressed(
                hash: try $0.bytes(0), purpose: try $0.text(1), reason: try $0.text(2), at: try $0.time(3))
        }
        stops.withdrawals = try tx.rows(
            """
            SELECT c.phone, c.bsuid, s.purpose, s.at, s.source
            FROM consent_state s JOIN contacts c ON c.id = s.contact_id
            WHERE s.state = \(ConsentState.withdrawn.rawValue) AND s.consent_id >= \(ID.first(at: since - margin))
            ORDER BY s.consent_id
            """
        ).map {
            Withdrawal(
                phone: try $0.textOrNil(0), bsuid: try $0.textOrNil(1), purpose: Purpose(rawValue: try $0.text(2)),
                at: try $0.time(3), source: try $0.text(4))
        }
        return stops
    }

    /// Suppressions are only worth something where persons are hashed with the same key; withdrawals go by phone and
    /// user id.
    /// - Returns: how many people were stopped that the backup did not know so.
    package func apply(
        keys: HostKeys, sealer: Sealer, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Int {
        var people: Set<[UInt8]> = []
        if let mark, try HostKeys.suppressionMark(sealer: sealer, in: tx) == mark {
            let added = try tx.runAll(
                suppressed.map {
                    """
                    INSERT INTO suppressions (person_hash, purpose, reason, at)
                    VALUES (\($0.hash), \($0.purpose), \($0.reason), \($0.at))
                    ON CONFLICT (person_hash, purpose) DO NOTHING
                    """
                }
            )
            people = Set(zip(suppressed, added).filter { $1 > 0 }.map(\.0.hash))
        }
        for withdrawal in withdrawals where try withdraw(withdrawal, keys, at: now, in: tx) {
            // One person may have stopped several purposes, by phone and by user id.
            let hashes = Suppressions(keys: keys).hashes(PersonKey(phone: withdrawal.phone, bsuid: withdrawal.bsuid))
            people.subtract(hashes)
            if let first = hashes.first { people.insert(first) }
        }
        return people.count
    }

    private func withdraw(
        _ said: Withdrawal, _ keys: HostKeys, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        let byPhone = try said.phone.flatMap { try ContactsTable.find(phone: $0, in: tx) }
        let known = try byPhone ?? said.bsuid.flatMap { try ContactsTable.find(bsuid: $0, in: tx) }
        guard let contact = try known.flatMap({ try ContactsTable.find($0.id, in: tx) }) else {
            // The backup does not know the person yet: whoever comes back under this phone stays stopped.
            let person = PersonKey(phone: said.phone, bsuid: said.bsuid)
            let suppressions = Suppressions(keys: keys)
            if try suppressions.isSuppressed(person, for: said.purpose, in: tx) { return false }
            try suppressions.keep(said.purpose, for: person, reason: "withdrawn", at: said.at, in: tx)
            return true
        }
        let standing = try ConsentStatesTable.find(said.purpose, of: contact.id, in: tx)
        if let standing, standing.state == .withdrawn || standing.at > said.at { return false }
        let statement = ConsentStatement(
            purpose: said.purpose, action: .withdraw, at: said.at, source: said.source, reason: "restore")
        _ = try Consents(keys: keys).record(statement, by: contact, at: now, in: tx)
        return true
    }
}
