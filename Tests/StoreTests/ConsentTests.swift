import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

@Suite struct ConsentTests {
    private func state(_ host: Host, _ contact: Contact, _ purpose: Purpose = .marketing) throws -> ConsentState {
        try host.database.read { try ConsentStatesTable.find(purpose, of: contact.id, in: $0)?.state } ?? .none
    }

    @Test(arguments: TestDatabase.engines)
    func `purposes stand apart, and the last word holds`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try host.contact()
        #expect(try host.say(.grant, by: ana).before == .none)
        #expect(try state(host, ana) == .granted)
        #expect(try state(host, ana, .orders) == .none)
        #expect(try host.say(.withdraw, by: ana).before == .granted)
        #expect(try state(host, ana) == .withdrawn)
    }

    @Test(arguments: TestDatabase.engines)
    func `an earlier word that comes late is on record and changes nothing`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try host.contact()
        try host.say(.withdraw, by: ana, at: Host.now)
        let old = try host.say(.grant, by: ana, at: Host.now - .days(30))
        #expect(!old.isInForce)
        #expect(try state(host, ana) == .withdrawn)
        #expect(try host.database.read { try ConsentsTable.all(of: ana.id, in: $0) }.count == 2)
    }

    @Test(arguments: TestDatabase.engines)
    func `a time in the future counts as now, so that a later withdrawal holds`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try host.contact()
        let said = ConsentStatement(purpose: .marketing, action: .grant, at: Host.now + .days(9), source: "api")
        let consents = Consents(keys: host.keys)
        let recorded = try host.database.write { tx in
            try consents.record(said, by: ana, at: Host.now, in: tx)
        }
        #expect(recorded.record.at == Host.now)
        try host.say(.withdraw, by: ana, at: Host.now + .seconds(1))
        #expect(try state(host, ana) == .withdrawn)
    }

    @Test(arguments: TestDatabase.engines)
    func `of two words said at once the later one holds and both are on record`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try host.contact()
        for round in 0..<30 {
            let time = Host.now + .seconds(Int64(round * 10))
            try Concurrently.run(2) { number in
                try host.say(
                    number == 0 ? .grant : .withdraw, by: ana, at: time + .seconds(number == 0 ? 1 : 0))
            }
            #expect(try state(host, ana) == .granted)
        }
        #expect(try host.count("SELECT count(*) FROM consents") == 60)
    }

    @Test(arguments: TestDatabase.engines)
    func `two sealers make one chain`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try host.contact()
        for round in 0..<12 {
            try Concurrently.run(3) { number in
                if number == 2 {
                    try host.say(round.isMultiple(of: 2) ? .grant : .withdraw, by: ana)
                } else {
                    let sealer = ConsentSealer(keys: host.keys)
                    _ = try host.database.write { tx in try sealer.step(owner: "node-\(number)", in: tx) }
                }
            }
        }
        try host.sealAll()
        let verdict = try ConsentVerification(keys: host.keys).run(on: host.database)
        #expect(verdict.findings == [])
        #expect(verdict.rows == 12)
        #expect(verdict.head?.seq == 12)
    }

    @Test(arguments: TestDatabase.engines)
    func `details are erased and shortened without harm to the evidence`(_ engine: Engine) throws {
        let host = try Host(engine)
        let record = try host.say(.grant, by: host.contact()).record
        try host.sealAll()
        let consents = Consents(keys: host.keys)
        try host.database.write { tx in
            _ = try consents.shorten(.address, of: record, to: "192.0.2.0", at: Host.now, in: tx)
            try consents.erase([.phone, .agent, .page], of: record, at: Host.now, in: tx)
        }
        try host.sealAll()
        let left = try host.database.read { tx in
            try ConsentsTable.details(of: ConsentsTable.all(of: record.contactID ?? ID(0), in: tx).map(\.id), in: tx)
        }
        #expect(Set(left.map(\.value)) == ["192.0.2.0", "Yes, write to me."])
        let verdict = try ConsentVerification(keys: host.keys).run(on: host.database)
        #expect(verdict.findings == [])
        #expect(verdict.rows == 5)
    }

    @Test(arguments: TestDatabase.engines)
    func `who withdrew stays suppressed after deletion, until they grant anew`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try host.contact()
        try host.say(.withdraw, .marketing, by: ana)
        try host.say(.grant, .orders, by: ana)
        let suppressions = Suppressions(keys: host.keys)
        let person = PersonKey(phone: ana.phone)
        try host.database.write { tx in
            try suppressions.keepWithdrawals(of: ana, at: Host.now, in: tx)
            _ = try ContactsTable.delete(ana.id, in: tx)
        }
        func suppressed() throws -> Set<Purpose> {
            try host.database.read { try suppressions.purposes(for: person, in: $0) }
        }
        #expect(try suppressed() == [.marketing])
        #expect(try host.count("SELECT count(*) FROM suppressions") == 1)
        try host.say(.grant, .marketing, by: host.contact(), at: Host.now + .seconds(1))
        #expect(try suppressed() == [])
    }

    @Test(arguments: TestDatabase.engines)
    func `a suppression of everything holds for each purpose and lasts over a grant`(_ engine: Engine) throws {
        let host = try Host(engine)
        let suppressions = Suppressions(keys: host.keys)
        let person = PersonKey(phone: "+12025550101")
        try host.database.write { tx in
            try suppressions.keep(Suppressions.everything, for: person, reason: "asked", at: Host.now, in: tx)
        }
        try host.say(.grant, .orders, by: host.contact())
        #expect(try host.database.read { try suppressions.isSuppressed(person, for: .orders, in: $0) })
        let other = PersonKey(phone: "+12025550102")
        #expect(try !host.database.read { try suppressions.isSuppressed(other, for: .orders, in: $0) })
    }

    @Test(arguments: TestDatabase.engines)
    func `a preference link is the same within its weeks, and ends`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try host.contact()
        let tokens = PreferenceTokens(keys: host.keys)
        func issue(at now: Timestamp) throws -> String {
            try host.database.write { tx in try tokens.issue(for: ana.id, at: now, in: tx) }
        }
        func find(_ token: String, at now: Timestamp) throws -> ID? {
            try host.database.read { try tokens.contact(for: token, now: now, in: $0) }
        }
        let token = try issue(at: Host.now)
        #expect(try issue(at: Host.now) == token)
        #expect(try issue(at: Host.now + .days(91)) != token)
        #expect(try find(token, at: Host.now + .days(365)) == ana.id)
        #expect(try find(token, at: Host.now + .days(365 + 91)) == nil)
        #expect(try find(token + "A", at: Host.now) == nil)
        #expect(try host.count("SELECT count(*) FROM preference_tokens WHERE token_hash = \(token)") == 0)
    }
}

extension Host {
    /// Lets the sealer work until nothing is left.
    func sealAll() throws {
        // The last node's lease may still run: the tests are one process, and take it over.
        try database.write { tx in try LeasesTable.endAll(in: tx) }
        let sealer = ConsentSealer(keys: keys)
        while try database.write({ tx in try sealer.step(owner: "t", in: tx) }) == .more {}
    }
}
