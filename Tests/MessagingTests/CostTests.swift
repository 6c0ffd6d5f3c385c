import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import TestSupport
import Testing

/// What a message and a status cost the database. The bounds stand a little above what was counted, so that nobody makes
/// a statement a row out of one for all, or a transaction a row, without a word.
@Suite struct `Two hundred messages` {
    private static let count = 200

    /// What was asked while `body` ran, for each of the messages.
    private struct Cost: CustomStringConvertible {
        var statements: Double
        var transactions: Double

        init(in house: LedgerHouse, _ body: () throws -> Void) rethrows {
            let before = house.test.database.asked
            try body()
            let asked = house.test.database.asked - before
            statements = Double(asked.statements) / Double(count)
            transactions = Double(asked.transactions) / Double(count)
        }

        var description: String { "\(statements) statements and \(transactions) transactions each" }
    }

    /// As many people as messages: what is asked for each person must show.
    private func drafts(_ house: LedgerHouse) throws -> [MessageDraft] {
        let now = house.clock.now()
        let consent = ConsentStatement(purpose: .orders, action: .grant, at: now, source: "test")
        return try house.test.database.write { [keys = house.context.keys] tx in
            try (0..<Self.count).map { number in
                let phone = "+1\(203 + number / 100)55501\(number % 100 / 10)\(number % 10)"
                let shop = Order(
                    shop: "test", externalID: "c\(number)", number: "c\(number)", status: "processing", createdAt: now,
                    updatedAt: now, total: Money(minorUnits: 100, currency: "USD"),
                    customer: OrderCustomer(firstName: "Ada", lastName: "Byron", phone: phone, country: "US"))
                let incoming = IncomingOrder(
                    shop, phone: .number(phone), arrival: ID.make(at: now), consents: [consent])
                let receipt = try OrderReception(keys: keys, window: .hours(24)).receive(incoming, at: now, in: tx)
                let order = try #require(receipt.order)
                return MessageDraft(
                    intentKey: "order:test:c\(number):processing:r", purpose: .orders,
                    contactID: try #require(order.contactID),
                    content: MessageContent(text: "Hello {unsubscribe_url}"),
                    source: MessageSource(kind: .order, id: order.id, rule: "r"), delay: .zero, requiredOrderStatus: nil
                )
            }
        }
    }

    /// A house that has planned and sent them all, on a number fast enough to take a full batch each turn.
    private func houseOfAll(_ engine: Engine) throws -> (house: LedgerHouse, planning: Cost, sending: Cost) {
        let house = try LedgerHouse(engine)
        house.channel.change { $0.messagesPerSecond = 1000 }
        let drafts = try drafts(house)
        let planning = try Cost(in: house) { try Planner(house.context).plan(drafts) }
        let sending = try Cost(in: house) {
            var sent = 0
            while sent < Self.count {
                let turn = try house.turn()
                try #require(turn.handedOver > 0)
                sent += turn.handedOver
            }
        }
        return (house, planning, sending)
    }

    @Test(arguments: TestDatabase.engines)
    func `cost little from their planning to the provider's word`(_ engine: Engine) throws {
        let (house, planning, sending) = try houseOfAll(engine)
        let accepted = try house.test.database.read {
            try $0.count("SELECT count(*) FROM messages WHERE status = 'accepted'")
        }
        #expect(accepted == Self.count)
        #expect(planning.statements < 1.1 && planning.transactions < 0.01, "planning: \(planning)")
        #expect(sending.statements < 0.5 && sending.transactions < 0.2, "sending: \(sending)")
    }

    @Test(arguments: TestDatabase.engines)
    func `cost little for each status that comes of them`(_ engine: Engine) throws {
        let house = try houseOfAll(engine).house
        let updates = try house.test.database.read { tx in
            try tx.rows("SELECT message_id, n, provider_id FROM attempts").map { row in
                StatusUpdate(
                    channel: "scripted", providerID: try row.text(2),
                    attempt: AttemptRef(messageID: try row.id(0), number: try row.int(1)), status: .delivered,
                    at: house.clock.now())
            }
        }
        try store(updates, in: house)
        let worker = DeliveryWorker(house.context, orders: OrderDesk(house.context) { .hours(24) }) { _ in
            { delivery in .effects([.status(updates[Int(delivery.topic) ?? 0])]) }
        }
        let cost = try Cost(in: house) {
            while let due = try worker.turn() { try #require(due <= house.clock.now()) }
        }
        let delivered = try house.test.database.read {
            try $0.count("SELECT count(*) FROM messages WHERE status = 'delivered'")
        }
        #expect(delivered == Self.count)
        #expect(cost.statements < 3.3 && cost.transactions < 0.1, "\(cost)")
    }

    /// One webhook each, as the provider sends them.
    private func store(_ updates: [StatusUpdate], in house: LedgerHouse) throws {
        let now = house.clock.now()
        try house.test.database.write { tx in
            for number in updates.indices {
                _ = try DeliveriesTable.store(
                    endpoint: "test", topic: String(number), headers: [], body: [], lane: nil, at: now, in: tx)
            }
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `cost little for each status of an id that nobody knows`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        let updates = (0..<Self.count).map {
            StatusUpdate(channel: "scripted", providerID: "foreign-\($0)", status: .sent, at: house.clock.now())
        }
        let tracker = StatusTracker(house.context)
        let cost = try Cost(in: house) {
            _ = try house.test.database.writeBatch { tx in try tracker.apply(updates, in: tx) }
        }
        #expect(cost.statements < 1.1 && cost.transactions < 0.01, "\(cost)")
    }
}
