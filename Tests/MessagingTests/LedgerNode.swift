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

/// One of several nodes on a ledger, with a clock and a client of its own, that can be made to pause before any step
/// of a message's way out, as a process does that is stopped by its machine.
final class LedgerNode: Sendable {
    /// What a message's way out goes through, in order.
    enum Step: Sendable, CaseIterable {
        case lease, claim, decide, build, submit, start, connect

        /// The others are gone through once for a whole batch.
        var isOfOneMessage: Bool { [.build, .submit, .start, .connect].contains(self) }
    }

    let clock: FixedClock
    let context: MessagingContext
    let recorder: AnswerRecorder
    let dispatcher: Dispatcher
    let pauses: Pauses

    /// - Parameters:
    ///   - clock: whose time this node sees.
    ///   - client: goes out for it; it gets the requests after the pause before `start`.
    ///   - url: where messages are posted.
    init(
        _ house: LedgerHouse, owner: String, clock: FixedClock, client: any HTTPClient, url: String, host: String,
        perSecond: Int = 80
    ) {
        self.clock = clock
        let pauses = Pauses()
        self.pauses = pauses
        let channel = PostingChannel(url: url, host: host, perSecond: perSecond, pauses: pauses)
        let known = house.context
        context = MessagingContext(
            database: known.database, clock: clock, log: known.log, settings: known.settings,
            hooks: PausingHooks(pauses: pauses), client: PausingClient(client: client, pauses: pauses),
            site: {
                pauses.reach(.decide)
                return known.site()
            },
            channel: { _ in channel }, unsubscribeURLs: known.unsubscribeURLs, owner: owner, keys: known.keys,
            wake: { _ in })
        recorder = AnswerRecorder(context)
        dispatcher = Dispatcher(context, recorder: recorder)
    }

    /// What happens before each step; nothing unless told.
    final class Pauses: Sendable {
        private let acts = Mutex<[Step: @Sendable () -> Void]>([:])
        private let always = Mutex<(@Sendable (Step) -> Void)?>(nil)

        /// Does this before the step, the first time that it is reached.
        func once(before step: Step, _ act: @escaping @Sendable () -> Void) { acts.withLock { $0[step] = act } }

        /// Does this before every step.
        func always(_ act: @escaping @Sendable (Step) -> Void) { always.withLock { $0 = act } }

        func reach(_ step: Step) {
            acts.withLock { $0.removeValue(forKey: step) }?()
            always.withLock { $0 }?(step)
        }
    }
}

/// Posts each message and takes the provider's id from the answer's body.
private struct PostingChannel: Channel {
    let id = "scripted"
    let url: String
    let host: String
    let perSecond: Int
    let pauses: LedgerNode.Pauses

    var abilities: ChannelAbilities {
        ChannelAbilities(freeText: .always, hasTemplates: false, hasReceipts: true, messagesPerSecond: perSecond)
    }

    func sendingNumber() -> String? {
        pauses.reach(.lease)
        return "number-1"
    }

    func call(_ message: OutgoingMessage) throws -> ChannelCall {
        pauses.reach(.build)
        return .http(
            OutboundRequest(
                .post, url, body: Array(message.attempt.description.utf8), hosts: AllowedHosts(namedByAdmin: [host]),
                repeatable: false, connectDeadline: .seconds(20)))
    }

    func outcome(of response: OutboundResponse) -> SendOutcome {
        .accepted(providerID: String(decoding: response.body, as: UTF8.self), isHeld: false)
    }

    func templates() throws -> [ChannelTemplate]? { nil }
}

private struct PausingHooks: HookRunner {
    let pauses: LedgerNode.Pauses

    func apply<Value: Sendable & Equatable>(
        _ filter: Filter<Value>, to value: Value
    ) -> (value: Value, trace: [HookTrace]) { (value, []) }

    func fire<Event: Sendable>(_ action: Action<Event>, _ event: Event) {
        if action.id == Hooks.messageHandedOver.id { pauses.reach(.submit) }
    }
}

private struct PausingClient: HTTPClient {
    let client: any HTTPClient
    let pauses: LedgerNode.Pauses

    func send(_ request: OutboundRequest) throws(HTTPClientError) -> OutboundResponse { try client.send(request) }

    func submit(
        _ request: OutboundRequest,
        completion: @escaping @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void
    ) {
        pauses.reach(.start)
        client.submit(request, completion: completion)
    }

    var freeSlots: Int {
        pauses.reach(.claim)
        return client.freeSlots
    }
}
