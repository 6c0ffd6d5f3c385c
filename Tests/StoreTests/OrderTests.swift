import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

@Suite struct OrderTests {
    private static let phone = "+12025550101"

    private func receive(
        _ host: Host, _ order: Order, phone: IncomingOrder.Phone = .number(phone),
        consents: [ConsentStatement] = [], at now: Timestamp = Host.now
    ) throws -> OrderReceipt {
        let reception = OrderReception(keys: host.keys, window: .hours(24))
        let incoming = IncomingOrder(order, phone: phone, arrival: ID.make(at: now), consents: consents)
        return try host.database.write { tx in try reception.receive(incoming, at: now, in: tx) }
    }

    private func kinds(_ host: Host) throws -> [String] {
        try host.database.read { tx in
            try tx.rows("SELECT kind, detail FROM events ORDER BY kind, detail").map {
                "\(try $0.text(0)) \(try $0.text(1))"
            }
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `an order comes back as it came, with its person`(_ engine: Engine) throws {
        let host = try Host(engine)
        var order = Order.sample(
            refunds: [Refund(externalID: "9", amount: Money(minorUnits: 1, currency: "EUR"), reason: "late \"x\"")])
        order.trackingURL = "https://track.test/1"
        order.customer.shippingCountry = "PT"
        let receipt = try receive(host, order)
        #expect(receipt.outcome == .created)
        let stored = try host.database.read { try OrdersTable.find(shop: "woocommerce", externalID: "37", in: $0) }
        #expect(stored == receipt.order)
        #expect(stored?.order == order)
        let person = try host.database.read { try ContactsTable.find(phone: Self.phone, in: $0) }
        #expect(person?.id == stored?.contactID)
        #expect(person?.lastName == "Pérez")
        #expect(person?.locale == "es")
    }

    @Test(arguments: TestDatabase.engines)
    func `an order told twice at once is one order with one event of each kind`(_ engine: Engine) throws {
        let host = try Host(engine)
        for round in 0..<30 {
            let outcomes = Collected<OrderReceipt.Outcome>()
            try Concurrently.run(2) { _ in outcomes.add(try receive(host, .sample("\(round)")).outcome) }
            #expect(outcomes.all.count { $0 == .created } == 1)
        }
        #expect(try host.count("SELECT count(*) FROM orders") == 30)
        #expect(try host.count("SELECT count(*) FROM contacts") == 1)
        #expect(try host.count("SELECT count(*) FROM events WHERE kind = 'placed'") == 30)
        #expect(try host.count("SELECT count(*) FROM events") == 90)
    }

    @Test(arguments: TestDatabase.engines)
    func `of two states at once the newer one stays, in whatever order they come`(_ engine: Engine) throws {
        let host = try Host(engine)
        for round in 0..<30 {
            try Concurrently.run(2) { number in
                let order: Order =
                    number == 0
                    ? .sample("\(round)", status: "on-hold", at: Host.now - .seconds(1))
                    : .sample("\(round)", status: "completed")
                _ = try receive(host, order)
            }
        }
        #expect(try host.count("SELECT count(*) FROM orders WHERE status = 'completed'") == 30)
        #expect(try host.count("SELECT count(*) FROM events WHERE kind = 'status' AND detail = 'completed'") == 30)
        #expect(try host.count("SELECT count(*) FROM events WHERE kind = 'placed'") == 30)
    }

    @Test(arguments: TestDatabase.engines)
    func `a stale order changes nothing`(_ engine: Engine) throws {
        let host = try Host(engine)
        let first = try receive(host, .sample())
        var old = Order.sample(status: "on-hold", at: Host.now - .minutes(1))
        old.customer.firstName = "Former"
        let receipt = try receive(host, old)
        #expect(receipt.outcome == .stale)
        #expect(receipt.order == first.order)
        #expect(try host.database.read { try ContactsTable.find(phone: Self.phone, in: $0) }?.firstName == "Ana")
        #expect(try kinds(host) == ["paid ", "placed ", "status processing"])
    }

    @Test(arguments: TestDatabase.engines)
    func `an old order is recorded, tells nothing, and does not overwrite the person`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try receive(host, .sample())
        var old = Order.sample("12", at: Host.now - .days(40))
        old.customer.firstName = "Former"
        let receipt = try receive(host, old)
        #expect(receipt.outcome == .created)
        #expect(receipt.events.isEmpty)
        #expect(try host.database.read { try ContactsTable.find(phone: Self.phone, in: $0) }?.firstName == "Ana")
    }

    @Test(arguments: TestDatabase.engines)
    func `a phone that cannot be messaged is kept with its problem`(_ engine: Engine) throws {
        let host = try Host(engine)
        let receipt = try receive(host, .sample(phone: "12"), phone: .problem("phone.too_short"))
        #expect(receipt.order?.contactID == nil)
        #expect(receipt.order?.phoneProblem == "phone.too_short")
        #expect(receipt.order?.order.customer.phone == "12")
        let corrected = try receive(host, .sample())
        #expect(corrected.order?.phoneProblem == nil)
        #expect(corrected.order?.contactID != nil)
        #expect(corrected.formerContactID == nil)
        #expect(corrected.hasFoundContact)
        let moved = try receive(host, .sample(), phone: .number("+12025550102"))
        #expect(moved.formerContactID == corrected.order?.contactID)
        let lost = try receive(host, .sample(phone: "12"), phone: .problem("phone.too_short"))
        #expect(lost.formerContactID == moved.order?.contactID)
        #expect(lost.order?.contactID == nil)
    }

    @Test(arguments: TestDatabase.engines)
    func `parcels that the shop keeps beside the order outlive its next word`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try receive(host, .sample(tracking: "1Z"))
        var order = Order.sample(status: "completed", at: Host.now + .seconds(1))
        order.keepsParcels = true
        let kept = try receive(host, order)
        #expect(kept.order?.order.trackingNumber == "1Z")
        #expect(kept.events.map(\.kind) == [.status("completed")])
        let stored = try host.database.read { try OrdersTable.find(shop: "woocommerce", externalID: "37", in: $0) }
        #expect(stored == kept.order)
        let gone = try receive(host, .sample(status: "completed", at: Host.now + .seconds(2)))
        #expect(gone.order?.order.trackingNumber == nil)
    }

    @Test(arguments: TestDatabase.engines)
    func `the statuses of all orders are listed once each`(_ engine: Engine) throws {
        let host = try Host(engine)
        func statuses(_ limit: Int = 10) throws -> [String] {
            try host.database.read { try OrdersTable.statuses(limit: limit, in: $0) }
        }
        #expect(try statuses().isEmpty)
        for (id, status) in ["ready-to-ship", "processing", "ready-to-ship", "on-hold"].enumerated() {
            _ = try receive(host, .sample("\(id)", status: status))
        }
        #expect(try statuses() == ["on-hold", "processing", "ready-to-ship"])
        #expect(try statuses(2) == ["on-hold", "processing"])
    }

    @Test(arguments: TestDatabase.engines)
    func `an order goes to the trash and comes back`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try receive(host, .sample())
        #expect(try receive(host, .sample(status: "trash")).outcome == .removed)
        func listed() throws -> Int {
            try host.database.read { try OrdersTable.page(PageRequest(), in: $0) }.rows.count
        }
        #expect(try listed() == 0)
        #expect(try receive(host, .sample(at: Host.now + .seconds(5))).events.isEmpty)
        #expect(try listed() == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `a consent that waited is bound to its order's person, if it knows the word`(_ engine: Engine) throws {
        let host = try Host(engine)
        func hold(_ purpose: Purpose, key: String) throws {
            let said = ConsentStatement(
                purpose: purpose, action: .grant, at: Host.now - .seconds(20), source: "checkout",
                wording: .init(text: "Ja, gern.", version: "2", language: "de"), ipAddress: "192.0.2.9")
            try host.database.write { tx in
                try PendingConsentsTable.hold(
                    [said], shop: "woocommerce", orderID: "37", key: key, at: Host.now - .seconds(20), in: tx)
            }
        }
        try hold(.orders, key: "wc_order_k")
        try hold(.marketing, key: "guessed")
        let receipt = try receive(host, .sample())
        #expect(receipt.consents.map(\.record.purpose) == [.orders])
        #expect(receipt.consents.map(\.record.wordingLanguage) == ["de"])
        let id = try #require(receipt.order?.contactID)
        #expect(
            try host.database.read { try ConsentStatesTable.all(of: id, in: $0) }.keys.map(\.rawValue) == ["orders"])
        #expect(try receive(host, .sample(at: Host.now + .seconds(1))).consents.isEmpty)
        #expect(try host.count("SELECT count(*) FROM pending_consents") == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `a consent waits seven days and no longer`(_ engine: Engine) throws {
        let host = try Host(engine)
        let said = ConsentStatement(purpose: .orders, action: .grant, at: Host.now, source: "checkout")
        let held = Host.now - .days(7)
        try host.database.write { tx in
            try PendingConsentsTable.hold(
                [said], shop: "woocommerce", orderID: "37", key: "wc_order_k", at: held, in: tx)
        }
        #expect(try receive(host, .sample()).consents.isEmpty)
        #expect(try host.database.write { tx in try PendingConsentsTable.removeExpired(by: Host.now, in: tx) } == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `events are claimed once, and close only in the claimer's hands`(_ engine: Engine) throws {
        let host = try Host(engine)
        for number in 0..<20 { _ = try receive(host, .sample("\(number)")) }
        let claimed = Collected<EventsTable.Claimed>()
        try Concurrently.run(2) { _ in
            while true {
                let batch = try host.database.writeBatch { tx in
                    try EventsTable.claim(limit: 7, lease: .minutes(5), now: Host.now, in: tx)
                }
                if batch.isEmpty { break }
                claimed.add(contentsOf: batch)
            }
        }
        #expect(claimed.all.count == 60)
        #expect(Set(claimed.all.map(\.event.id)).count == 60)
        let one = try #require(claimed.all.first)
        var thief = one
        thief.claim = ID(1)
        let stolen = thief
        #expect(try !host.database.write { tx in try EventsTable.close(stolen, in: tx) })
        #expect(try host.database.write { tx in try EventsTable.close(one, in: tx) })
        #expect(try !host.database.write { tx in try EventsTable.close(one, in: tx) })
    }

    @Test(arguments: TestDatabase.engines)
    func `an event whose worker died is claimed again`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try receive(host, .sample(status: "failed"))
        func claim(_ lease: Timestamp.Span) throws -> [EventsTable.Claimed] {
            try host.database.writeBatch { tx in try EventsTable.claim(limit: 9, lease: lease, now: Host.now, in: tx) }
        }
        let lost = try #require(try claim(.seconds(-1)).first)
        #expect(lost.event.kind == .status("failed"))
        #expect(try claim(.minutes(5)).map(\.tries) == [2])
        #expect(try claim(.minutes(5)).isEmpty)
        #expect(try !host.database.write { tx in try EventsTable.close(lost, in: tx) })
        try host.database.write { tx in try EventsTable.releaseAll(in: tx) }
        #expect(try claim(.minutes(5)).map(\.tries) == [3])
    }

    @Test(arguments: TestDatabase.engines)
    func `every kind of event comes back as it was`(_ engine: Engine) throws {
        let host = try Host(engine)
        let order = try #require(try receive(host, .sample(at: Host.now - .days(3))).order)
        let kinds: [OrderEvent.Kind] = [
            .placed, .status("on-hold"), .paid, .shipped, .parcel(number: "2Z"), .partialRefund(refundID: "9"),
            .note(noteID: "4", text: "Left at the door."),
        ]
        try host.database.write { tx in
            for kind in kinds {
                try EventsTable.add(
                    OrderEvent(id: ID.make(at: Host.now), orderID: order.id, kind: kind, at: Host.now), in: tx)
            }
        }
        #expect(try host.database.read { try EventsTable.all(of: order.id, in: $0) }.map(\.kind) == kinds)
    }

    @Test(arguments: TestDatabase.engines)
    func `orders page from the latest, also where times are equal`(_ engine: Engine) throws {
        let host = try Host(engine)
        for number in 0..<5 { _ = try receive(host, .sample("\(number)")) }
        var earliest = Order.sample("early")
        earliest.createdAt = Host.now - .days(1)
        _ = try receive(host, earliest)
        var seen: [String] = []
        var request = PageRequest(limit: 2)
        repeat {
            let asked = request
            let page = try host.database.read { try OrdersTable.page(asked, in: $0) }
            seen += page.rows.map(\.order.externalID)
            request.after = page.next.flatMap { Cursor($0.text) }
        } while request.after != nil
        #expect(seen == ["4", "3", "2", "1", "0", "early"])
    }

    @Test(
        arguments: TestDatabase.engines,
        [
            ("37", ["37", "370"]), ("#370", ["370"]), ("ana p", ["37", "370", "5"]), ("perez", []), ("5", ["5"]),
            ("", ["37", "370", "5"]),
        ])
    func `a search finds the beginning of a number or of the customer's name, and the orders of people`(
        _ engine: Engine, _ search: (typed: String, numbers: [String])
    ) throws {
        let host = try Host(engine)
        for number in ["37", "370"] {
            _ = try receive(host, .sample(number), phone: .problem("phone.tooShort"))
        }
        let ben = try #require(try receive(host, .sample("5")).order?.contactID)
        let filter = OrderFilter(search: .init(search.typed, contacts: search.typed == "5" ? [ben] : []))
        let found = try host.database.read { try OrdersTable.page(PageRequest(), filter, in: $0) }

        #expect(found.rows.map(\.order.number).sorted() == search.numbers)
    }
}
