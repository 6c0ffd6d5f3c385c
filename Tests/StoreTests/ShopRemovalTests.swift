import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

@Suite struct `A shop that was played with` {
    private static let phone = "+12025550101"

    private func receive(
        _ host: Host, _ shop: String, _ id: String, phone: String = phone, at now: Timestamp = Host.now
    ) throws -> StoredOrder {
        var order = Order.sample(id, at: now)
        order.shop = shop
        let said = ConsentStatement(
            purpose: .orders, action: .grant, at: now, source: "checkout", wording: .init(text: "Yes, write to me."),
            pageURL: "https://shop.test/pay", ipAddress: "192.0.2.7", userAgent: "Browser")
        let incoming = IncomingOrder(order, phone: .number(phone), arrival: ID.make(at: now), consents: [said])
        let reception = OrderReception(keys: host.keys, window: .hours(24))
        let receipt = try host.database.write { tx in try reception.receive(incoming, at: now, in: tx) }
        return try #require(receipt.order)
    }

    private func plan(_ host: Host, for order: StoredOrder, key: String) throws -> ID {
        let draft = MessageDraft(
            intentKey: key, purpose: .orders, contactID: try #require(order.contactID),
            content: MessageContent(text: "Thank you"), source: MessageSource(kind: .order, id: order.id))
        return try host.database.write { tx in
            try MessagesTable.plan(
                [.init(draft, id: ID.make(at: Host.now), channel: "sandbox")], at: Host.now, in: tx)[0].id
        }
    }

    private func remove(_ host: Host, limit: Int = 50) throws -> ShopRemoval.Gone {
        let removal = ShopRemoval(keys: host.keys)
        var all = ShopRemoval.Gone()
        while true {
            let now = Host.now + .hours(1)
            let step = try host.database.write { tx in try removal.step("demo", limit: limit, at: now, in: tx) }
            if step.orders == 0 { return all }
            all.orders += step.orders
            all.messages += step.messages
            all.people += step.people
        }
    }

    @Test(arguments: TestDatabase.engines, [1, 50])
    func `leaves no order, message, person or consent detail`(_ engine: Engine, step: Int) throws {
        let host = try Host(engine)
        let first = try receive(host, "demo", "1")
        let second = try receive(host, "demo", "2", at: Host.now + .minutes(1))
        let message = try plan(host, for: first, key: "order:demo:1:processing:r")
        let gone = try remove(host, limit: step)
        #expect(gone.orders == 2)
        #expect(gone.messages == [message])
        #expect(gone.people.map(\.phone) == [Self.phone])
        #expect(first.contactID == second.contactID)
        for table: Query in ["orders", "events", "messages", "trail", "contacts", "consent_details", "consent_state"] {
            #expect(try host.count("SELECT count(*) FROM " + table) == 0, "\(table.text)")
        }
        #expect(try ConsentVerification(keys: host.keys).run(on: host.database).findings == [])
        #expect(try host.count("SELECT count(*) FROM consents WHERE kind = 'grant' AND contact_id IS NULL") == 2)
    }

    @Test(arguments: TestDatabase.engines)
    func `keeps people whom the real shop knew first`(_ engine: Engine) throws {
        let host = try Host(engine)
        let real = try receive(host, "woocommerce", "1")
        _ = try receive(host, "demo", "1", at: Host.now + .minutes(1))
        #expect(try remove(host).people.isEmpty)
        #expect(try host.database.read { try OrdersTable.find(real.id, in: $0) } == real)
        #expect(try host.count("SELECT count(*) FROM contacts") == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `keeps people whom the real shop met later`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try receive(host, "demo", "1")
        _ = try receive(host, "woocommerce", "1", at: Host.now + .minutes(1))
        #expect(try remove(host).people.isEmpty)
        #expect(try host.count("SELECT count(*) FROM contacts") == 1)
        #expect(try host.count("SELECT count(*) FROM consent_details") > 0)
    }

    @Test(arguments: TestDatabase.engines)
    func `keeps people with a consent that somebody brought in`(_ engine: Engine) throws {
        let host = try Host(engine)
        let order = try receive(host, "demo", "1")
        let person = try #require(order.contactID)
        let contact = try #require(try host.database.read { try ContactsTable.find(person, in: $0) })
        let said = ConsentStatement(
            purpose: .marketing, action: .grant, at: Host.now, source: "api", actor: "token:till")
        let consents = Consents(keys: host.keys)
        try host.database.write { tx in _ = try consents.record(said, by: contact, at: Host.now, in: tx) }
        #expect(try remove(host).people.isEmpty)
    }

    @Test(arguments: TestDatabase.engines)
    func `does not forget what a person withdrew`(_ engine: Engine) throws {
        let host = try Host(engine)
        let order = try receive(host, "demo", "1")
        let person = try #require(order.contactID)
        let contact = try #require(try host.database.read { try ContactsTable.find(person, in: $0) })
        try host.say(.withdraw, .orders, by: contact, at: Host.now + .minutes(1))
        #expect(try remove(host).people.count == 1)
        let isSuppressed = try host.database.read { tx in
            try Suppressions(keys: host.keys).isSuppressed(PersonKey(phone: Self.phone), for: .orders, in: tx)
        }
        #expect(isSuppressed)
    }
}
