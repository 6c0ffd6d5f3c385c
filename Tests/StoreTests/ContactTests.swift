import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

@Suite struct ContactTests {
    private static let phone = "+12025550101"

    private func reach(
        _ host: Host, _ key: PersonKey, _ details: ContactDetails = ContactDetails(),
        weight: ContactDetails.Weight = .replaces
    ) throws -> Contact {
        try host.database.write { tx in
            try ContactsTable.reach(key, details: details, weight: weight, at: Host.now, in: tx)
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a phone reached by two threads at once is one contact`(_ engine: Engine) throws {
        let host = try Host(engine)
        for round in 0..<30 {
            let ids = Collected<ID>()
            try Concurrently.run(2) { number in
                let key = PersonKey(phone: "+120255501\(round + 10)", bsuid: "user-\(round)")
                ids.add(try reach(host, key, ContactDetails(firstName: "Thread \(number)")).id)
            }
            #expect(ids.all.count == 2)
            #expect(Set(ids.all).count == 1)
        }
        #expect(try host.count("SELECT count(*) FROM contacts") == 30)
    }

    @Test(arguments: TestDatabase.engines)
    func `an order's words replace what is known, a profile's only fill gaps`(_ engine: Engine) throws {
        let host = try Host(engine)
        let key = PersonKey(phone: Self.phone)
        _ = try reach(host, key, ContactDetails(firstName: "Ana"), weight: .replaces)
        let filled = try reach(host, key, ContactDetails(firstName: "xX", locale: "es"), weight: .fillsGaps)
        #expect(filled.firstName == "Ana")
        #expect(filled.locale == "es")
        let replaced = try reach(host, key, ContactDetails(email: "a@b.test", firstName: "Anna", lastName: ""))
        #expect(replaced.firstName == "Anna")
        #expect(try host.database.read { try ContactsTable.find(replaced.id, in: $0) } == replaced)
    }

    @Test(arguments: TestDatabase.engines)
    func `two contacts that are one person become one, with the later word of each purpose`(_ engine: Engine) throws {
        let host = try Host(engine)
        let byPhone = try reach(host, PersonKey(phone: Self.phone))
        let byUser = try reach(host, PersonKey(phone: nil, bsuid: "U1"))
        try host.say(.grant, .marketing, by: byPhone, at: Host.now)
        try host.say(.withdraw, .marketing, by: byUser, at: Host.now + .seconds(1))
        try host.say(.grant, .orders, by: byPhone, at: Host.now + .seconds(1))
        try host.say(.withdraw, .orders, by: byUser, at: Host.now)
        let one = try reach(host, PersonKey(phone: Self.phone, bsuid: "U1"))
        #expect(one.id == byPhone.id)
        #expect(one.bsuid == "U1")
        let standing = try host.database.read { try ConsentStatesTable.all(of: one.id, in: $0) }
        #expect(standing.mapValues(\.state) == [.marketing: .withdrawn, .orders: .granted])
        #expect(try host.database.read { try ContactsTable.find(byUser.id, in: $0) }?.id == one.id)
        #expect(try ConsentVerification(keys: host.keys).run(on: host.database).findings == [])
        #expect(try host.database.read { try ContactsList.page(PageRequest(), in: $0) }.rows.map(\.id) == [one.id])
    }

    @Test(arguments: TestDatabase.engines)
    func `an edit on an old version is refused, and so is another's phone`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try reach(host, PersonKey(phone: Self.phone))
        let ben = try reach(host, PersonKey(phone: "+12025550102"))
        func update(_ contact: Contact) throws -> ContactsTable.Outcome {
            try host.database.write { tx in try ContactsTable.update(contact, at: Host.now, in: tx) }
        }
        var edited = ana
        edited.tags = ["vip"]
        edited.custom = ["size": "M"]
        guard case .done(let saved) = try update(edited) else {
            Issue.record("the edit was refused")
            return
        }
        #expect(saved.tags == ["vip"])
        #expect(try update(edited) == .outdated)
        var taken = saved
        taken.phone = ben.phone
        #expect(try update(taken) == .taken(by: ben.id))
        var gone = saved
        gone.id = ID(7)
        #expect(try update(gone) == .missing)
    }

    @Test(arguments: TestDatabase.engines)
    func `of two edits on one version one is kept`(_ engine: Engine) throws {
        let host = try Host(engine)
        var known = try reach(host, PersonKey(phone: Self.phone))
        for _ in 0..<20 {
            let outcomes = Collected<ContactsTable.Outcome>()
            let read = known
            try Concurrently.run(2) { number in
                var edited = read
                edited.firstName = "Edit \(number) of \(read.version)"
                let new = edited
                outcomes.add(try host.database.write { tx in try ContactsTable.update(new, at: Host.now, in: tx) })
            }
            #expect(outcomes.all.count { $0 == .outdated } == 1)
            known = try #require(try host.database.read { try ContactsTable.find(read.id, in: $0) })
            #expect(known.version == read.version + 1)
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a corrected phone keeps the old one and forgets that it was undeliverable`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try reach(host, PersonKey(phone: Self.phone))
        let first = try host.database.write { tx in
            try ContactsTable.noteUndeliverable(ana.id, at: Host.now, in: tx)
        }
        #expect(first == 1)
        var edited = try #require(try host.database.read { try ContactsTable.find(ana.id, in: $0) })
        edited.phone = "+12025550199"
        let new = edited
        _ = try host.database.write { tx in try ContactsTable.update(new, at: Host.now, in: tx) }
        let after = try #require(try host.database.read { try ContactsTable.find(phone: "+12025550199", in: $0) })
        #expect(after.formerPhones == [Self.phone])
        #expect(after.undeliverableCount == 0)
    }

    @Test(
        arguments: TestDatabase.engines,
        [
            ("élodie m", ["Élodie"]), ("ELO", ["Élodie"]), ("muller", ["Élodie"]), ("1 202-555-0102", ["Ben"]),
            ("+1 202", ["Ben", "Élodie"]),
            ("b@example", ["Ben"]), ("x", []), ("%", []), ("  ", ["Ben", "Élodie"]),
        ])
    func `a search finds the beginning of a name, a last name, an address or a phone`(
        _ engine: Engine, _ search: (typed: String, names: [String])
    ) throws {
        let host = try Host(engine)
        _ = try reach(
            host, PersonKey(phone: Self.phone), ContactDetails(firstName: "Élodie", lastName: "Müller"))
        _ = try reach(
            host, PersonKey(phone: "+12025550102"), ContactDetails(email: "B@example.com", firstName: "Ben"))
        let filter = ContactFilter(search: search.typed)
        let found = try host.database.read { try ContactsList.page(PageRequest(), filter, in: $0) }
        #expect(found.rows.map(\.firstName) == search.names)
        #expect(try host.database.read { try ContactsList.count(filter, cap: 1, in: $0) } == min(1, search.names.count))
    }

    @Test(arguments: TestDatabase.engines)
    func `a list is filtered by consent and paged without gap or repeat`(_ engine: Engine) throws {
        let host = try Host(engine)
        let people = try (0..<7).map { try host.contact(phone: "+1202555011\($0)", name: "P\($0)") }
        for person in people.prefix(4) { try host.say(.grant, .marketing, by: person) }
        try host.say(.withdraw, .marketing, by: people[0], at: Host.now + .seconds(1))
        func names(_ standing: ContactFilter.Standing) throws -> [String] {
            var names: [String] = []
            var request = PageRequest(limit: 2)
            repeat {
                let asked = request
                let page = try host.database.read { tx in
                    try ContactsList.page(asked, ContactFilter(consent: standing), in: tx)
                }
                names += page.rows.map(\.firstName)
                request.after = page.next
            } while request.after != nil
            return names
        }
        #expect(try names(.granted(.marketing)) == ["P3", "P2", "P1"])
        #expect(try names(.notGranted(.marketing)) == ["P6", "P5", "P4", "P0"])
    }

    @Test(arguments: TestDatabase.engines)
    func `a deleted contact leaves evidence without a pointer`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try reach(host, PersonKey(phone: Self.phone))
        try host.say(.withdraw, by: ana)
        #expect(try host.database.write { tx in try ContactsTable.delete(ana.id, in: tx) })
        #expect(try host.count("SELECT count(*) FROM consents WHERE contact_id IS NULL") == 1)
        #expect(try host.count("SELECT count(*) FROM consent_state") == 0)
        #expect(try ConsentVerification(keys: host.keys).run(on: host.database).findings == [])
    }
}
