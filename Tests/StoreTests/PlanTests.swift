import Core
import Crypto
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

/// Every query that grows with the shop goes by an index.
@Suite struct PlanTests {
    private func wholeTableReads(
        _ host: Host, _ body: @escaping @Sendable (any WriteTransaction) throws -> Void
    ) throws -> [String] {
        try host.database.write { tx in
            let probe = try PlanProbe(tx)
            try body(probe)
            return probe.wholeTableReads
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a query without an index is noticed`(_ engine: Engine) throws {
        let host = try Host(engine)
        #expect(try wholeTableReads(host) { try $0.run("DELETE FROM contacts WHERE first_name = 'x'") }.count == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `contacts and consents`(_ engine: Engine) throws {
        let host = try Host(engine)
        let keys = host.keys
        let sealer = ConsentSealer(keys: keys)
        let reads = try wholeTableReads(host) { tx in
            let person = PersonKey(phone: "+12025550101", bsuid: "U1")
            let details = ContactDetails(firstName: "Ana")
            let contact = try ContactsTable.reach(person, details: details, weight: .replaces, at: Host.now, in: tx)
            let request = PageRequest(after: Cursor(id: contact.id))
            for filter in [
                ContactFilter(), ContactFilter(search: "an"), ContactFilter(search: "1202"),
                ContactFilter(consent: .granted(.marketing)), ContactFilter(consent: .notGranted(.marketing)),
            ] { _ = try ContactsList.page(request, filter, in: tx) }
            let said = ConsentStatement(purpose: .orders, action: .grant, at: Host.now, source: "api")
            let consents = Consents(keys: keys)
            let recorded = try consents.record(said, by: contact, at: Host.now, in: tx)
            try consents.erase([.phone], of: recorded.record, at: Host.now, in: tx)
            _ = try ConsentsTable.all(of: contact.id, in: tx)
            _ = try ConsentHead.read(in: tx)
            _ = try Suppressions(keys: keys).purposes(for: person, in: tx)
            let tokens = PreferenceTokens(keys: keys)
            let token = try tokens.issue(for: contact.id, at: Host.now, in: tx)
            _ = try tokens.contact(for: token, now: Host.now, in: tx)
            _ = try tokens.removeExpired(by: Host.now, in: tx)
            _ = try PendingConsentsTable.take(for: .sample(), now: Host.now, in: tx)
            _ = try PendingConsentsTable.removeExpired(by: Host.now, in: tx)
            _ = try ContactsTable.delete(contact.id, in: tx)
        }
        #expect(reads == [])
        // The sealer reads the few rows that still wait, whole.
        let sealing = try wholeTableReads(host) { tx in _ = try sealer.step(owner: "t", in: tx) }
        #expect(sealing.allSatisfy { $0.hasPrefix("SCAN u ") || $0.contains("Seq Scan on consent_unsealed") })
    }

    @Test(arguments: TestDatabase.engines)
    func `orders and events`(_ engine: Engine) throws {
        let host = try Host(engine)
        let keys = host.keys
        let reads = try wholeTableReads(host) { tx in
            let reception = OrderReception(keys: keys, window: .hours(24))
            for status in ["processing", "completed"] {
                let incoming = IncomingOrder(
                    .sample(status: status), phone: .number("+12025550101"), arrival: ID.make(at: Host.now))
                _ = try reception.receive(incoming, at: Host.now, in: tx)
            }
            let request = PageRequest(after: Cursor(key: "1", id: ID(1)))
            for filter in [
                OrderFilter(), OrderFilter(status: "failed"), OrderFilter(contactID: ID(1)), OrderFilter(number: "37"),
                OrderFilter(search: .init("an", contacts: [ID(1)])),
            ] { _ = try OrdersTable.page(request, filter, in: tx) }
            let claimed = try EventsTable.claim(limit: 10, lease: .minutes(1), now: Host.now, in: tx)
            for event in claimed { _ = try EventsTable.close(event, in: tx) }
            _ = try EventsTable.all(of: ID(1), in: tx)
            _ = try EventsTable.nextDue(in: tx)
            _ = try EventsTable.removeEnded(before: Host.now, in: tx)
        }
        #expect(reads == [])
    }

    @Test(arguments: TestDatabase.engines)
    func `lists of messages`(_ engine: Engine) throws {
        let host = try Host(engine)
        let reads = try wholeTableReads(host) { tx in
            let request = PageRequest(after: Cursor(id: ID.make(at: Host.now)))
            var selections = [MessagesTable.Selection](repeating: .init(), count: 5)
            selections[0].statuses = [.failed, .unknown]
            selections[1].contact = ID(1)
            selections[2].source = (.order, ID(1))
            selections[3].found = .init(contacts: [ID(1)], orders: [ID(2)])
            (selections[4].since, selections[4].before) = (Host.now - .days(7), Host.now)
            for selection in selections {
                _ = try MessagesTable.page(selection, request, in: tx)
                _ = try MessagesTable.count(selection, in: tx)
            }
            _ = try MessagesTable.all(ofOrders: [ID(1)], in: tx)
            _ = try OrdersTable.all([ID(1)], in: tx)
            _ = try ContactsTable.all([ID(1)], in: tx)
            _ = try ConsentStatesTable.all(ofContacts: [ID(1)], in: tx)
            _ = try OrdersTable.all(shop: "woocommerce", externalIDs: ["1"], in: tx)
            _ = try LedgerUpkeep.cancel(ID(1), reason: "reason.stopped", at: Host.now, in: tx)
        }
        #expect(reads == [])
    }

    @Test(arguments: TestDatabase.engines)
    func `deliveries and jobs`(_ engine: Engine) throws {
        let host = try Host(engine)
        let reads = try wholeTableReads(host) { tx in
            _ = try DeliveriesTable.store(
                endpoint: "woocommerce", topic: "order.updated", headers: [], body: [1], lane: "order:1",
                at: Host.now, in: tx)
            let claimed = try DeliveriesTable.claim(limit: 10, lease: .minutes(1), now: Host.now, in: tx)
            for delivery in claimed { _ = try DeliveriesTable.finish(delivery, as: .worked, note: nil, in: tx) }
            _ = try DeliveriesTable.nextDue(in: tx)
            _ = try DeliveriesTable.removeOld(before: Host.now, now: Host.now, in: tx)
            let request = PageRequest(after: Cursor(id: ID(9)))
            _ = try DeliveriesTable.page(request, in: tx)
            _ = try DeliveriesTable.page(request, state: .unreadable, in: tx)
            _ = try DeliveriesTable.page(request, endpoint: "meta", in: tx)
            _ = try JobsTable.enqueue("sync", payload: "", dedupe: "k", due: Host.now, at: Host.now, in: tx)
            let jobs = try JobsTable.claim(
                kinds: ["sync"], owner: "t", lease: .minutes(1), limit: 10, now: Host.now, in: tx)
            for job in jobs { try JobsTable.finish(job, at: Host.now, in: tx) }
            _ = try JobsTable.nextDue(kinds: ["sync"], in: tx)
            _ = try JobsTable.page(request, state: .failed, in: tx)
            _ = try AuditTable.page(request, action: "settings.changed", in: tx)
        }
        #expect(reads == [])
    }

    @Test(arguments: TestDatabase.engines)
    func `access`(_ engine: Engine) throws {
        let host = try Host(engine)
        let reads = try wholeTableReads(host) { tx in
            _ = try UsersTable.find(email: "ana@example.com", in: tx)
            _ = try SessionsTable.find(tokenHash: "h", now: Host.now, in: tx)
            _ = try SessionsTable.all(of: ID(1), now: Host.now, in: tx)
            _ = try SessionsTable.removeExpired(by: Host.now, in: tx)
            _ = try SessionsTable.isKnown(address: "192.0.2.1", of: ID(1), now: Host.now, in: tx)
            _ = try SecondFactorsTable.isOn(of: ID(1), in: tx)
            _ = try SecondFactorsTable.take(step: 1, of: ID(1), in: tx)
            _ = try RecoveryCodesTable.use(hash: "h", of: ID(1), at: Host.now, in: tx)
            _ = try RecoveryCodesTable.left(of: ID(1), in: tx)
            _ = try HalfSignInsTable.find(tokenHash: "h", visitorHash: "v", now: Host.now, in: tx)
            try HalfSignInsTable.endAll(of: ID(1), in: tx)
            _ = try HalfSignInsTable.removeExpired(by: Host.now, in: tx)
            _ = try AccountLinksTable.find(tokenHash: "h", now: Host.now, in: tx)
            try AccountLinksTable.endAll(of: ID(1), in: tx)
            _ = try AccountLinksTable.removeExpired(by: Host.now, in: tx)
            _ = try AuditTable.page(PageRequest(), actor: "ana@example.com", in: tx)
            _ = try TokensTable.find(hash: "h", in: tx)
            let rule = ThrottlesTable.Rule(limit: 1, window: .minutes(1))
            _ = try ThrottlesTable.take("k", by: rule, now: Host.now, in: tx)
            _ = try ThrottlesTable.removeEnded(by: Host.now, in: tx)
            let key = IdempotencyTable.Key(token: ID(1), path: "/", key: "k")
            _ = try IdempotencyTable.begin(key, requestHash: [1], at: Host.now, in: tx)
            _ = try IdempotencyTable.removeExpired(by: Host.now, in: tx)
        }
        #expect(reads == [])
    }
}
