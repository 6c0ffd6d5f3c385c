import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Testing

/// What may go wrong around the ledger without a message being lost, sent twice unmarked, or told wrongly of.
struct RescueTests {
    private static let silence = SendOutcome.unknown(code: "x", detail: "", httpStatus: nil)

    private func grant(_ purpose: Purpose, _ house: LedgerHouse) throws {
        let said = ConsentStatement(purpose: purpose, action: .grant, at: house.clock.now(), source: "test")
        _ = try ConsentDesk(house.context).record([said], by: house.contact.id)
    }

    @Test(arguments: TestDatabase.engines) func `what was planned for another channel goes by the one that sends now`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.settings[MessagingSettings.channel.key] = "sandbox"
        let id = try house.plan()
        house.settings[MessagingSettings.channel.key] = "scripted"
        let turn = try house.turn()
        #expect(turn.handedOver == 1)
        #expect(try house.row(id).channel == "scripted")
        #expect(try house.dispatcher.turn().next == nil)
    }

    @Test(arguments: TestDatabase.engines) func `an answer that cannot be written does not hold up the others`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let ids = try ["a", "b", "c"].map { try house.plan($0) }
        let broken = Failure(.ourBug, code: "1", detail: "a NUL: \0")
        house.channel.answer(
            .accepted(providerID: "p-1", isHeld: false), .refused(broken, httpStatus: 400, after: nil),
            .accepted(providerID: "p-3", isHeld: false))
        #expect(try house.turn().handedOver == 3)
        #expect(try ids.map { try house.row($0).status } == [.accepted, .handedOver, .accepted])
        try house.endLeases()
        _ = try house.dispatcher.turn()
        #expect(try house.row(ids[1]).status == .unknown)
    }

    @Test(arguments: TestDatabase.engines) func `a database that is away for a moment fails no message`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let away = Mutex(true)
        let links = house.context.unsubscribeURLs
        let context = house.context.with(links: { contacts in
            if away.withLock({ $0 }) { throw DatabaseError(kind: .unavailable, message: "away") }
            return try links(contacts)
        })
        let dispatcher = Dispatcher(context, recorder: house.recorder)
        var draft = house.draft("link")
        draft.content.text = "Choose: {unsubscribe_url}"
        let id = try Planner(context).plan([draft])[0].id
        #expect(throws: DatabaseError.self) { try dispatcher.turn() }
        #expect(try house.row(id).status == .claimed)
        away.withLock { $0 = false }
        try house.endLeases()
        house.clock.advance(by: .seconds(2))
        _ = try dispatcher.turn()
        house.clock.advance(by: .seconds(2))
        _ = try dispatcher.turn()
        let link = try #require(try links([house.contact.id])[house.contact.id])
        #expect(house.channel.sent.map(\.body) == [.text("Choose: \(link)")])
    }

    @Test(arguments: TestDatabase.engines) func `an answer that comes late stops the repeat that has not left`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let id = try house.plan()
        _ = try house.dispatcher.turn()  // Its answer is not written yet.
        try house.endLeases()
        house.clock.advance(by: .minutes(16))
        house.settings[MessagingSettings.paused.key] = "true"
        _ = try house.dispatcher.turn()
        #expect(try house.row(id).status == .planned)
        try house.recorder.record()
        #expect(try house.row(id).status == .accepted)
        house.settings[MessagingSettings.paused.key] = "false"
        house.clock.advance(by: .seconds(2))
        try house.turn()
        #expect(house.channel.sent.count == 1)
    }

    @Test(arguments: TestDatabase.engines) func `a status tells the truth of a message whose repeat was stopped`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(Self.silence)
        let id = try house.plan()
        try house.turn()
        house.clock.advance(by: .minutes(16))
        house.settings[MessagingSettings.paused.key] = "true"
        try house.turn()
        let now = house.clock.now()
        let stopped = try house.test.database.write { tx in
            try LedgerUpkeep.cancel(id, reason: "reason.stopped", at: now, in: tx)
        }
        #expect(stopped?.status == .cancelled)
        try house.status(.delivered, of: "p", attempt: AttemptRef(messageID: id, number: 1))
        #expect(try house.row(id).status == .delivered)
        #expect(try house.row(id).reason == nil)
    }

    @Test(arguments: TestDatabase.engines) func `what may have arrived and is too old now stays unknown`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(Self.silence)
        let id = try house.plan()
        try house.turn()
        house.clock.advance(by: .hours(25))
        try house.turn()
        #expect(try house.row(id).status == .unknown)
        #expect(house.channel.sent.count == 1)
    }

    @Test(arguments: TestDatabase.engines) func `the frequency cap counts what is on its way`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        house.settings[MessagingSettings.frequencyCap.key] = "1/7d"
        try grant(.marketing, house)
        let together = try ["m1", "m2"].map { try house.plan($0, purpose: .marketing) }
        _ = try house.dispatcher.turn()  // Its answer is not written yet.
        #expect(house.channel.sent.count == 1)
        #expect(try house.row(together[1]).reason == "reason.frequency_cap")
        let later = try house.plan("m3", purpose: .marketing)
        _ = try house.dispatcher.turn()
        #expect(house.channel.sent.count == 1)
        #expect(try house.row(later).reason == "reason.frequency_cap")
    }

    @Test(arguments: TestDatabase.engines) func `what is sent again though it may have arrived is marked`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(Self.silence, DispatchTests.refused(.ourBug))
        let unknown = try house.plan("unknown")
        let failed = try house.plan("failed")
        try house.turn()
        let planner = Planner(house.context)
        let repeated = try #require(try planner.sendAgain(unknown))
        let corrected = try #require(try planner.sendAgain(failed))
        #expect(try house.row(repeated).possibleDuplicate)
        #expect(try !house.row(corrected).possibleDuplicate)
    }

    @Test(arguments: TestDatabase.engines) func `a message that lives again goes to whom it is meant for now`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let id = try house.plan("k")
        let now = house.clock.now()
        let other = try house.test.database.write { tx in
            _ = try LedgerUpkeep.cancel(id, reason: "reason.stopped", at: now, in: tx)
            return try ContactsTable.reach(
                PersonKey(phone: "+12025550124"), details: ContactDetails(), weight: .replaces, at: now, in: tx)
        }
        var draft = house.draft("k")
        draft.contactID = other.id
        #expect(try Planner(house.context).plan([draft]) == [.revived(id)])
        #expect(try house.row(id).contactID == other.id)
    }

    @Test(arguments: TestDatabase.engines) func `what an order has to say follows its phone in each direction`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let desk = OrderDesk(house.context) { .hours(24) }
        let id = try house.plan()
        func told(_ phone: String, after seconds: Int64) throws -> LedgerRow {
            var order = house.order.order
            order.customer.phone = phone
            order.updatedAt = house.clock.now() + .seconds(seconds)
            try desk.receive(order)
            return try house.row(id)
        }
        let wrong = try told("12", after: 1)
        #expect(wrong.status == .cancelled)
        #expect(wrong.reason == OrderDesk.phoneUnusable)
        try house.turn()
        #expect(house.channel.sent.isEmpty)
        let right = try told("+12025550124", after: 2)
        #expect(right.status == .planned)
        let person = try house.test.database.read { tx in try ContactsTable.find(phone: "+12025550124", in: tx) }
        #expect(right.contactID == person?.id)
        #expect(right.contactID != house.contact.id)
        #expect(try told("+12025550123", after: 3).contactID == house.contact.id)
        try house.turn()
        #expect(house.channel.sent.map(\.phone) == ["+12025550123"])
        #expect(try told("12", after: 4).status == .accepted)
        #expect(try house.trail(id).prefix(4) == ["planned", "cancelled", "revived", "readdressed"])
    }

    @Test(arguments: TestDatabase.engines) func `what a person stopped stays stopped when the phone is corrected`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let desk = OrderDesk(house.context) { .hours(24) }
        let id = try house.plan()
        let now = house.clock.now()
        _ = try house.test.database.write { tx in try LedgerUpkeep.cancel(id, reason: "reason.stopped", at: now, in: tx)
        }
        for (seconds, phone) in [(Int64(1), "12"), (2, "+12025550124")] {
            var order = house.order.order
            order.customer.phone = phone
            order.updatedAt = now + .seconds(seconds)
            try desk.receive(order)
        }
        #expect(try house.row(id).reason == "reason.stopped")
    }

    @Test(arguments: TestDatabase.engines) func `parcels told apart from their order ship it, once each`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let applier = EffectApplier(house.context, orders: OrderDesk(house.context) { .hours(24) })
        for numbers in [["P1"], ["P1"], ["P1", "P2"]] {
            try applier.apply(.parcels(shop: "test", externalID: "7", numbers: numbers, url: "https://t.example/"))
        }
        try applier.apply(.parcels(shop: "test", externalID: "unknown", numbers: ["P9"], url: nil))
        let (order, events) = try house.test.database.read { tx in
            (try OrdersTable.find(house.order.id, in: tx), try EventsTable.all(of: house.order.id, in: tx))
        }
        #expect(order?.order.trackingNumber == "P1, P2")
        #expect(order?.contactID == house.contact.id)
        #expect(events.map(\.kind).suffix(2) == [.shipped, .parcel(number: "P2")])
    }

    @Test(arguments: TestDatabase.engines) func `a phone corrected while an event is worked gets the message`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let desk = OrderDesk(house.context) { .hours(24) }
        var corrected = house.order.order
        corrected.customer.phone = "+12025550124"
        corrected.updatedAt = house.clock.now() + .seconds(1)
        let isFirst = Mutex(true)
        let events = EventWorker(house.context) { [corrected] in
            [
                OrderPlanner { event, order in
                    if isFirst.withLock({ first in
                        defer { first = false }
                        return first
                    }) {
                        try desk.receive(corrected)
                    }
                    guard let contact = order.contactID else { return [] }
                    return [
                        MessageDraft(
                            intentKey: "event:\(event.id)", purpose: .orders, contactID: contact,
                            content: MessageContent(text: "Hello"), source: MessageSource(kind: .order, id: order.id))
                    ]
                }
            ]
        }
        for _ in 1...3 { _ = try events.turn() }
        let rows = try house.test.database.read { tx in try MessagesTable.all(of: .order, house.order.id, in: tx) }
        let person = try house.test.database.read { tx in try ContactsTable.find(phone: "+12025550124", in: tx) }
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0.contactID == person?.id })
    }

    @Test(arguments: TestDatabase.engines) func `of two contacts that are one person the messages are theirs together`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let now = house.clock.now()
        func write(_ key: PersonKey, _ text: String, id: String) throws {
            let message = InboundMessage(
                channel: "scripted", providerID: id, phone: key.phone, bsuid: key.bsuid, at: now, type: "text",
                text: text)
            _ = try house.test.database.write { tx in try Inbox(house.context).receive(message, in: tx) }
        }
        try write(PersonKey(phone: nil, bsuid: "US.1"), "hello", id: "1")
        let apart = try #require(try house.test.database.read { tx in try ContactsTable.find(bsuid: "US.1", in: tx) })
        var draft = house.draft("apart")
        draft.contactID = apart.id
        let id = try Planner(house.context).plan([draft])[0].id
        try write(PersonKey(phone: "+12025550123", bsuid: "US.1"), "STOP", id: "2")
        #expect(try house.row(id).status == .suppressed)
        #expect(try house.row(id).contactID == house.contact.id)
        let window = try house.test.database.read { tx in
            try InboundTable.lastInbound(contact: house.contact.id, channel: "scripted", in: tx)
        }
        #expect(window == now)
    }

    @Test(arguments: TestDatabase.engines) func `hooks hear of what a withdrawal stopped`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        let hooks = ListeningHooks()
        let id = try house.plan()
        let said = ConsentStatement(purpose: .orders, action: .withdraw, at: house.clock.now(), source: "test")
        _ = try ConsentDesk(house.context.with(hooks: hooks)).record([said], by: house.contact.id)
        #expect(hooks.stopped.map(\.id) == [id])
        #expect(hooks.stopped.map(\.reason) == ["reason.consent_withdrawn"])
    }

    @Test(arguments: TestDatabase.engines) func `hooks hear of a consent that waited for its order`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let hooks = ListeningHooks()
        let now = house.clock.now()
        let said = ConsentStatement(purpose: .marketing, action: .grant, at: now, source: "checkout")
        try house.test.database.write { tx in
            try PendingConsentsTable.hold([said], shop: "test", orderID: "8", key: "wc_8", at: now, in: tx)
        }
        var order = house.order.order
        order.externalID = "8"
        order.key = "wc_8"
        let desk = OrderDesk(house.context.with(hooks: hooks)) { .hours(24) }
        try desk.receive(order)
        #expect(hooks.consents.map(\.statement) == [said])
    }

    @Test(arguments: TestDatabase.engines) func `old words of people are forgotten, that they wrote is not`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let now = house.clock.now()
        let message = InboundMessage(
            channel: "scripted", providerID: "1", phone: "+12025550123", at: now, type: "text", text: "my secret")
        // Ids rise through the whole process: other tests may have taken them far ahead of this clock.
        let texts = try house.test.database.write { tx in
            _ = try Inbox(house.context).receive(message, in: tx)
            try InboundTable.forgetTexts(before: now, in: tx)
            let before = try InboundTable.recent(of: house.contact.id, limit: 9, in: tx).map(\.text)
            try InboundTable.forgetTexts(before: now + .days(3650), in: tx)
            return before + (try InboundTable.recent(of: house.contact.id, limit: 9, in: tx).map(\.text))
        }
        #expect(texts == ["my secret", nil])
    }
}

/// Hooks that note which messages will not leave, and what people said.
private final class ListeningHooks: HookRunner {
    private let heard = Mutex<(stopped: [MessageInfo], consents: [ConsentHappening])>(([], []))

    var stopped: [MessageInfo] { heard.withLock { $0.stopped } }
    var consents: [ConsentHappening] { heard.withLock { $0.consents } }

    func apply<Value: Sendable & Equatable>(
        _ filter: Filter<Value>, to value: Value
    ) -> (value: Value, trace: [HookTrace]) { (value, []) }

    func fire<Event: Sendable>(_ action: Action<Event>, _ event: Event) {
        heard.withLock { heard in
            if action.id == Hooks.messageStopped.id, let info = event as? MessageInfo { heard.stopped.append(info) }
            if let happening = event as? ConsentHappening { heard.consents.append(happening) }
        }
    }
}

extension MessagingContext {
    /// The same house with other hooks, or another way to make links.
    fileprivate func with(
        hooks: (any HookRunner)? = nil, links: (@Sendable (Set<ID>) throws -> [ID: String])? = nil
    ) -> MessagingContext {
        MessagingContext(
            database: database, clock: clock, log: log, settings: settings, hooks: hooks ?? self.hooks, client: client,
            site: site, channel: channel, unsubscribeURLs: links ?? unsubscribeURLs, owner: owner, keys: keys,
            wake: wake)
    }
}
