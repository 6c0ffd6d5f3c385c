import Core
import Crypto
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport

/// A ledger with everything around it that a test needs: a real database, a fixed clock, one contact with consent,
/// and a channel that answers as it is told.
final class LedgerHouse: Sendable {
    let test: TestDatabase
    let clock = FixedClock()
    let settings = SettingsDouble()
    /// While true this may be a copy of the shop's database.
    let hold = HoldSwitch()
    let channel = ScriptedChannel()
    let context: MessagingContext
    let dispatcher: Dispatcher
    let recorder: AnswerRecorder
    let contact: Contact
    let order: StoredOrder

    init(_ engine: Engine, owner: String = "node-1", sharing other: LedgerHouse? = nil) throws {
        let clock = self.clock
        test = try other?.test ?? TestDatabase(engine, clock: clock, migrating: [HostSchema.series])
        let (database, settings, channel) = (test.database, self.settings, other?.channel ?? self.channel)
        settings[MessagingSettings.channel.key] = "scripted"
        let sealer = Sealer(MasterKey.make())
        let keys =
            try other?.context.keys
            ?? database.write { tx in
                try HostKeys.load(sealer: sealer, at: clock.now(), in: tx)
            }
        context = MessagingContext(
            database: database, clock: clock, log: TestDatabase.quiet, settings: settings, hooks: NoHooks(),
            client: RecordingHTTPClient(),
            site: {
                Site(
                    name: "Shop", url: "https://shop.example", country: "US", locale: "en", timeZone: "UTC",
                    currency: "USD", publicURL: "https://cartwright.example")
            },
            channel: { _ in channel },
            unsubscribeURLs: { contacts in
                let now = clock.now()
                return try database.writeBatch { tx in
                    try PreferenceTokens(keys: keys).issue(for: contacts, at: now, in: tx)
                }.mapValues { "https://cartwright.example/u/\($0)" }
            }, owner: owner,
            keys: keys,
            wake: { _ in }, isHeld: { [hold] in hold.isOn })
        recorder = AnswerRecorder(context)
        dispatcher = Dispatcher(context, recorder: recorder)
        if let other {
            (contact, order) = (other.contact, other.order)
            return
        }
        let shop = Order(
            shop: "test", externalID: "7", number: "7", status: "processing", createdAt: clock.now(),
            updatedAt: clock.now(), total: Money(minorUnits: 2990, currency: "USD"),
            customer: OrderCustomer(firstName: "Ada", lastName: "Byron", phone: "+12025550123", country: "US"))
        let consent = ConsentStatement(purpose: .orders, action: .grant, at: clock.now(), source: "test")
        let incoming = IncomingOrder(
            shop, phone: .number("+12025550123"), arrival: ID.make(at: clock.now()), consents: [consent])
        (contact, order) = try database.write { tx in
            let receipt = try OrderReception(keys: keys, window: .hours(24)).receive(incoming, at: clock.now(), in: tx)
            guard let order = receipt.order, let id = order.contactID, let contact = try ContactsTable.find(id, in: tx)
            else { throw DatabaseError(kind: .misuse, message: "the order made no contact") }
            return (contact, order)
        }
    }

    func draft(_ key: String, purpose: Purpose = .orders, delay: Timestamp.Span = .zero) -> MessageDraft {
        MessageDraft(
            intentKey: key, purpose: purpose, contactID: contact.id, content: MessageContent(text: "Hello"),
            source: purpose == .orders
                ? MessageSource(kind: .order, id: order.id, rule: "r") : MessageSource(kind: .api),
            delay: delay, requiredOrderStatus: nil)
    }

    @discardableResult func plan(_ key: String = "order:test:7:processing:r", purpose: Purpose = .orders) throws -> ID {
        let planned = try Planner(context).plan([draft(key, purpose: purpose)])
        return planned[0].id
    }

    /// One turn of the dispatcher, and the answers it brought.
    @discardableResult func turn() throws -> Dispatcher.Turn {
        let turn = try dispatcher.turn()
        try recorder.record()
        return turn
    }

    func row(_ id: ID) throws -> LedgerRow {
        guard let row = try test.database.read({ tx in try MessagesTable.find(id, in: tx) }) else {
            throw DatabaseError(kind: .misuse, message: "no such row")
        }
        return row
    }

    func attempts(_ id: ID) throws -> [AttemptsTable.Attempt] {
        try test.database.read { tx in try AttemptsTable.all(of: id, in: tx) }
    }

    func trail(_ id: ID) throws -> [String] {
        try test.database.read { tx in try TrailTable.all(of: id, in: tx).map(\.note.kind) }
    }

    @discardableResult func status(
        _ status: MessageStatus, of providerID: String, attempt: AttemptRef? = nil, failure: Failure? = nil
    ) throws -> LedgerRow? {
        let update = StatusUpdate(
            channel: "scripted", providerID: providerID, attempt: attempt, status: status, at: clock.now(),
            failure: failure)
        let tracker = StatusTracker(context)
        return try test.database.write { tx in try tracker.apply([update], in: tx).first?.row }
    }

    /// Has every lease end, as if its time had passed by the database's clock; by ours a second of it.
    func endLeases() throws {
        clock.advance(by: .seconds(1))
        try test.database.write { tx in
            try tx.run("UPDATE messages SET claim_until = 1 WHERE claim_until IS NOT NULL")
            try tx.run("UPDATE leases SET held_until = 1")
        }
    }
}

/// A channel that answers each call as it was told, in order; without a word it accepts.
final class ScriptedChannel: Channel {
    private struct State {
        var outcomes: [SendOutcome] = []
        var sent: [OutgoingMessage] = []
        var abilities = ChannelAbilities(
            freeText: .always, hasTemplates: true, hasReceipts: true, messagesPerSecond: 80)
        var cannotBuild = false
        var beforeAnswer: (@Sendable (OutgoingMessage) throws -> Void)?
    }

    private let state = Mutex(State())

    let id = "scripted"
    var abilities: ChannelAbilities { state.withLock { $0.abilities } }
    var sent: [OutgoingMessage] { state.withLock { $0.sent } }

    func answer(_ outcomes: SendOutcome...) { state.withLock { $0.outcomes += outcomes } }
    func refuseToBuild() { state.withLock { $0.cannotBuild = true } }
    func change(_ change: @Sendable (inout ChannelAbilities) -> Void) { state.withLock { change(&$0.abilities) } }
    /// Runs after the message was taken and before its answer is known.
    func beforeAnswer(_ body: @escaping @Sendable (OutgoingMessage) throws -> Void) {
        state.withLock { $0.beforeAnswer = body }
    }

    func sendingNumber() -> String? { "number-1" }

    func call(_ message: OutgoingMessage) throws -> ChannelCall {
        if state.withLock({ $0.cannotBuild }) { throw CannotBuild() }
        return .local { [self] in
            let before = state.withLock { state in
                state.sent.append(message)
                return state.beforeAnswer
            }
            try before?(message)
            return state.withLock { state in
                state.outcomes.isEmpty
                    ? .accepted(providerID: "id-\(message.attempt)", isHeld: false) : state.outcomes.removeFirst()
            }
        }
    }

    func outcome(of response: OutboundResponse) -> SendOutcome { .unknown(code: "none", detail: "", httpStatus: nil) }
    func templates() throws -> [ChannelTemplate]? { nil }

    struct CannotBuild: Error {}
}

/// Says whether this may be a copy of the shop's database.
final class HoldSwitch: Sendable {
    private let state = Mutex(false)

    var isOn: Bool { state.withLock { $0 } }

    func set(_ isOn: Bool) { state.withLock { $0 = isOn } }
}

struct NoHooks: HookRunner {
    func apply<Value: Sendable & Equatable>(
        _ filter: Filter<Value>, to value: Value
    ) -> (value: Value, trace: [HookTrace]) { (value, []) }
    func fire<Event: Sendable>(_ action: Action<Event>, _ event: Event) {}
}
