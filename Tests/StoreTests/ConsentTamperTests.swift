import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

/// Somebody with the database in hand, but without the key, changes what is on record.
@Suite struct ConsentTamperTests {
    enum Tampering: CaseIterable {
        case purpose, kind, time, source, wordingVersion, digest, detailChanged, detailTaken, detailAdded, pointer
        case rowTaken, rowWithoutSealTaken, rowPutIn, sealChanged, sealTaken

        /// On four sealed consents, of which the second is `target`; the last belongs to another person.
        func statements(_ target: ID, otherContact: ID) -> [Query] {
            switch self {
            case .purpose: ["UPDATE consents SET purpose = 'carts' WHERE id = \(target)"]
            case .kind: ["UPDATE consents SET kind = 'withdraw' WHERE id = \(target)"]
            case .time: ["UPDATE consents SET at = at - 1 WHERE id = \(target)"]
            case .source: ["UPDATE consents SET source = 'admin' WHERE id = \(target)"]
            case .wordingVersion: ["UPDATE consents SET wording_version = NULL WHERE id = \(target)"]
            case .digest: ["UPDATE consents SET digest = \([UInt8](repeating: 7, count: 32)) WHERE id = \(target)"]
            case .detailChanged:
                ["UPDATE consent_details SET value = 'No.' WHERE consent_id = \(target) AND detail = 'wording'"]
            case .detailTaken: ["DELETE FROM consent_details WHERE consent_id = \(target) AND detail = 'wording'"]
            case .detailAdded:
                [
                    """
                    INSERT INTO consent_details (consent_id, detail, salt, value)
                    VALUES (\(target), 'reason', \([UInt8](repeating: 1, count: 16)), 'because')
                    """
                ]
            case .pointer: ["UPDATE consents SET contact_id = \(otherContact) WHERE id = \(target)"]
            case .rowTaken:
                [
                    "DELETE FROM consent_details WHERE consent_id = \(target)",
                    "DELETE FROM consents WHERE id = \(target)",
                ]
            case .rowWithoutSealTaken:
                Tampering.rowTaken.statements(target, otherContact: otherContact)
                    + ["DELETE FROM consent_seals WHERE consent_id = \(target)"]
            case .rowPutIn:
                [
                    """
                    INSERT INTO consents (id, contact_id, kind, purpose, at, recorded_at, source, key_id, digest)
                    SELECT 5, contact_id, kind, purpose, at, recorded_at, source, key_id, digest
                    FROM consents WHERE id = \(target)
                    """
                ]
            case .sealChanged:
                [
                    """
                    UPDATE consent_seals SET seal = \([UInt8](repeating: 7, count: 32))
                    WHERE consent_id = \(target)
                    """
                ]
            case .sealTaken: ["DELETE FROM consent_seals WHERE consent_id = \(target)"]
            }
        }

        func findings(_ ids: [ID]) -> Set<ConsentFinding> {
            let target = ids[1]
            return switch self {
            case .purpose, .kind, .time, .source, .wordingVersion: [.changed(target, .row)]
            case .digest: [.changed(target, .row), .changed(target, .seal)]
            case .detailChanged, .detailTaken, .detailAdded: [.changed(target, .detail)]
            case .pointer: [.repointed(target)]
            case .rowTaken: [.missing(target)]
            case .rowWithoutSealTaken: [.cut(2)]
            case .rowPutIn: [.inserted(ID(5)), .changed(ID(5), .row)]
            // The seal after it was built on the true one.
            case .sealChanged: [.changed(target, .seal), .changed(ids[2], .seal)]
            case .sealTaken: [.cut(2), .inserted(target)]
            }
        }
    }

    private func sealed(_ host: Host) throws -> (ids: [ID], other: Contact) {
        let ana = try host.contact()
        let ben = try host.contact(phone: "+12025550102", name: "Ben")
        let ids = try [
            host.say(.grant, .orders, by: ana), host.say(.grant, .marketing, by: ana),
            host.say(.withdraw, .marketing, by: ana), host.say(.grant, .orders, by: ben),
        ].map(\.record.id)
        try host.sealAll()
        return (ids, ben)
    }

    @Test(arguments: TestDatabase.engines, Tampering.allCases)
    func `each change is found and named`(_ engine: Engine, _ tampering: Tampering) throws {
        let host = try Host(engine)
        let (ids, other) = try sealed(host)
        let verification = ConsentVerification(keys: host.keys)
        #expect(try verification.run(on: host.database).findings == [])
        let statements = tampering.statements(ids[1], otherContact: other.id)
        let changed = try host.database.write { tx in try statements.map { try tx.run($0) } }
        #expect(changed.allSatisfy { $0 > 0 })
        #expect(Set(try verification.run(on: host.database).findings) == tampering.findings(ids))
    }

    @Test(arguments: TestDatabase.engines)
    func `a tail that was cut off is found by a head kept elsewhere`(_ engine: Engine) throws {
        let host = try Host(engine)
        let (ids, _) = try sealed(host)
        let verification = ConsentVerification(keys: host.keys)
        let head = try #require(try verification.run(on: host.database).head)
        let statements = Tampering.rowWithoutSealTaken.statements(ids[3], otherContact: ids[0])
        try host.database.write { tx in for statement in statements { try tx.run(statement) } }
        #expect(try verification.run(on: host.database).findings == [])
        #expect(try verification.run(on: host.database, known: head).findings == [.cut(4)])
    }

    @Test(arguments: TestDatabase.engines)
    func `a chain that goes on after the head kept elsewhere is well`(_ engine: Engine) throws {
        let host = try Host(engine)
        let (_, other) = try sealed(host)
        let verification = ConsentVerification(keys: host.keys)
        let head = try #require(try verification.run(on: host.database).head)
        try host.say(.grant, .carts, by: other)
        try host.sealAll()
        #expect(ConsentHead(head.description) == head)
        #expect(try verification.run(on: host.database, known: head).findings == [])
    }

    @Test(arguments: TestDatabase.engines)
    func `a row that waits for its seal is no finding`(_ engine: Engine) throws {
        let host = try Host(engine)
        try host.say(.grant, by: host.contact())
        #expect(try ConsentVerification(keys: host.keys).run(on: host.database).findings == [])
    }
}
