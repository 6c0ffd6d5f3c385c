import Core
import Database
import Domain
import Messaging
import SQL
import Store
import TestSupport
import Testing

/// Consent acts on messages in its own transaction, and is asked at every send.
struct ConsentTests {
    private func say(_ action: ConsentStatement.Action, _ house: LedgerHouse, _ purpose: Purpose = .orders) throws {
        let said = ConsentStatement(purpose: purpose, action: action, at: house.clock.now(), source: "test")
        _ = try ConsentDesk(house.context).record([said], by: house.contact.id)
    }

    private func forget(_ house: LedgerHouse) throws {
        try house.test.database.write { tx in try tx.run("DELETE FROM consent_state") }
    }

    @Test(arguments: TestDatabase.engines) func `without consent nothing leaves and the reason is said`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        try forget(house)
        let id = try house.plan()
        try house.turn()
        #expect(try house.row(id).reason == "reason.consent_pending")
        house.clock.advance(by: .minutes(10))
        try house.turn()
        #expect(try house.row(id).status == .suppressed)
        #expect(try house.row(id).reason == "reason.no_consent")
        #expect(house.channel.sent.isEmpty)
    }

    @Test(arguments: TestDatabase.engines) func `a consent that comes after the order wakes the message`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        try forget(house)
        let id = try house.plan()
        try house.turn()
        house.clock.advance(by: .minutes(2))
        try say(.grant, house)
        #expect(try house.turn().handedOver == 1)
        #expect(try house.row(id).status == .accepted)
    }

    @Test(arguments: TestDatabase.engines) func `a withdrawal stops what has not left`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        let id = try house.plan()
        try say(.withdraw, house)
        #expect(try house.row(id).status == .suppressed)
        #expect(try house.row(id).reason == "reason.consent_withdrawn")
        #expect(try house.turn().handedOver == 0)
    }

    @Test(arguments: TestDatabase.engines) func `a withdrawal between claim and hand-over wins`(_ engine: Engine) throws
    {
        let house = try LedgerHouse(engine)
        let id = try house.plan()
        let token = ID.make(at: house.clock.now())
        let lease = try #require(
            try house.test.database.write { tx in
                try LeasesTable.acquire("l", owner: "o", for: .seconds(30), in: tx)
            })
        let rows = try house.test.database.writeBatch { [clock = house.clock] tx in
            try LedgerMoves.claim(
                limit: 1, channel: "scripted", token: token, under: lease, for: .seconds(30), at: clock.now(), in: tx)
        }
        try say(.withdraw, house)
        let handedOver = try house.test.database.writeBatch { [clock = house.clock] tx in
            try LedgerMoves.handOver(
                rows.map { ($0, "+12025550123") }, token: token, sendingNumber: "n", lease: lease,
                answerWithin: .seconds(50), at: clock.now(), in: tx)
        }
        #expect(handedOver.isEmpty)
        #expect(try house.row(id).status == .suppressed)
    }

    @Test(arguments: TestDatabase.engines) func `STOP withdraws every purpose, START lifts what STOP withdrew`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let inbox = Inbox(house.context)
        func write(_ text: String, id: String) throws {
            house.clock.advance(by: .seconds(1))
            let message = InboundMessage(
                channel: "scripted", providerID: id, phone: "+12025550123", at: house.clock.now(), type: "text",
                text: text)
            _ = try house.test.database.write { tx in try inbox.receive(message, in: tx) }
        }
        func states() throws -> [Purpose: ConsentState] {
            try house.test.database.read { tx in
                try ConsentStatesTable.all(of: house.contact.id, in: tx).mapValues(\.state)
            }
        }
        try write("  ¡Stop!! ", id: "1")
        #expect(
            try states() == [.orders: .withdrawn, .payments: .withdrawn, .carts: .withdrawn, .marketing: .withdrawn])
        try write("start", id: "2")
        #expect(try states().values.allSatisfy { $0 == .granted })
        try write("please stop by tomorrow", id: "3")
        #expect(try states()[.orders] == .granted)
    }

    @Test(arguments: [
        ("STOP", StopWords.Wish.stop), ("Stop.", .stop), ("«BAJA»", .stop), ("Désabonner", .stop), ("توقف", .stop),
        ("no más", .stop), ("Start!", .resume), ("alta", .resume),
    ]) func `a message that is only the word is heard`(_ text: String, _ wish: StopWords.Wish) {
        #expect(StopWords.wish(text) == wish)
    }

    @Test(arguments: ["", "non-stop flight", "where is my order", "stopover", "bus stop"])
    func `a message that only has the word in it is not`(_ text: String) {
        #expect(StopWords.wish(text) == nil)
    }

    @Test(arguments: TestDatabase.engines) func `a resume at the provider lifts no withdrawal made at the shop`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let inbox = Inbox(house.context)
        func prefer(stops: Bool) throws {
            house.clock.advance(by: .seconds(1))
            let change = PreferenceChange(
                channel: "scripted", phone: "+12025550123", bsuid: nil, stops: stops, at: house.clock.now(), detail: nil
            )
            _ = try house.test.database.write { tx in try inbox.prefer(change, in: tx) }
        }
        func marketing() throws -> ConsentState? {
            try house.test.database.read { tx in
                try ConsentStatesTable.find(.marketing, of: house.contact.id, in: tx)?.state
            }
        }
        try say(.grant, house, .marketing)
        try prefer(stops: true)
        #expect(try marketing() == .withdrawn)
        try prefer(stops: false)
        #expect(try marketing() == .granted)
        house.clock.advance(by: .seconds(1))
        try say(.withdraw, house, .marketing)
        try prefer(stops: false)
        #expect(try marketing() == .withdrawn)
    }
}
