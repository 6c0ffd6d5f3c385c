package import Core
import Database
import Domain
package import PluginKit
import SQL
import Store

/// Turns what happened to orders into planned messages: planners run outside any transaction, then one transaction
/// plans all drafts and closes the event. A crash in between repeats it; the intent keys make that harmless.
package struct EventWorker: Sendable {
    private static let lease = Timestamp.Span.seconds(60)
    private static let batch = 32
    /// An event whose planner keeps throwing is given up after this many tries (about two hours).
    private static let mostTries = 12

    private let context: MessagingContext
    private let claimed = ClaimedWork<EventsTable.Claimed>()
    private let planners: @Sendable () -> [OrderPlanner]

    package init(_ context: MessagingContext, planners: @escaping @Sendable () -> [OrderPlanner]) {
        self.context = context
        self.planners = planners
    }

    /// Works what is due. Returns when the next event is due; nil for none.
    package func turn() throws -> Timestamp? {
        let now = context.clock.now()
        try claimed.turn(
            claiming: {
                try context.database.writeBatch { tx in
                    try EventsTable.claim(limit: Self.batch, lease: Self.lease, now: now, in: tx)
                }
            }, together: work(together:), alone: work)
        return try context.database.read { tx in try EventsTable.nextDue(in: tx) }
    }

    /// An event with what the planners made of it, outside any transaction.
    private struct Made: Sendable {
        let claimed: EventsTable.Claimed
        let order: StoredOrder
        let prepared: [Planner.Prepared]
        /// Why a planner has to be asked again; nil where each has said what it had to say.
        let failure: (any Error)?
    }

    private enum Outcome: Sendable {
        case planned([MessagesTable.Planned])
        /// Somebody else has the event, or it is read again soon.
        case notOurs
    }

    /// Many events in one transaction. Those with a fault of their own are left, and all where one keeps others back.
    private func work(together claimed: [EventsTable.Claimed]) throws -> [EventsTable.Claimed] {
        guard claimed.count > 1 else { return claimed }
        do {
            let orders = try context.database.read { tx in
                try OrdersTable.all(Set(claimed.map(\.event.orderID)), in: tx)
            }
            let made = claimed.compactMap { item in orders[item.event.orderID].map { make(item, $0) } }
            let sound = made.filter { $0.failure == nil }
            try settle(sound)
            let done = Set(sound.map(\.claimed.event.id))
            return claimed.filter { !done.contains($0.event.id) }
        } catch let error as DatabaseError where error.kind == .unavailable {
            throw error
        } catch {
            context.log.info("order events one by one", ["events": .text("\(claimed.count)"), "error": .error(error)])
            return claimed
        }
    }

    private func work(_ claimed: EventsTable.Claimed) throws {
        do {
            guard let order = try context.database.read({ tx in try OrdersTable.find(claimed.event.orderID, in: tx) })
            else { return try give(up: claimed, "the order is gone") }
            let made = make(claimed, order)
            try settle([made])
            if let failure = made.failure { throw failure }
        } catch let error as DatabaseError where error.kind == .unavailable {
            // No fault of its own, and nothing could be noted now.
            throw error
        } catch {
            context.log.error(
                "order event failed",
                ["event": .text(claimed.event.id.description), "error": .error(error)])
            if claimed.tries >= Self.mostTries { return try give(up: claimed, String(describing: error)) }
            let due = context.clock.now() + .seconds(min(1800, 2 << Int64(claimed.tries)))
            try context.database.writeBatch { tx in
                try EventsTable.retry(claimed, at: due, error: String(describing: error), in: tx)
            }
        }
    }

    private func make(_ claimed: EventsTable.Claimed, _ order: StoredOrder) -> Made {
        let made = drafts(for: OrderHappening(event: claimed.event, order: order))
        return Made(
            claimed: claimed, order: order, prepared: Planner(context).prepare(made.drafts), failure: made.failure)
    }

    /// Plans what was made, closes the events, and tells of both. One planner that fails keeps no other's messages
    /// back; its own come with the next try, so that its event stays open.
    private func settle(_ made: [Made]) throws {
        let planner = Planner(context)
        let outcomes = try context.database.write { tx in try plan(made, in: tx) }
        var hasPlanned = false
        for (made, outcome) in zip(made, outcomes) {
            guard case .planned(let planned) = outcome else { continue }
            planner.announce(made.prepared, planned)
            hasPlanned = hasPlanned || !planned.isEmpty
            guard made.failure == nil else { continue }
            context.hooks.fire(Hooks.orderChanged, OrderHappening(event: made.claimed.event, order: made.order))
        }
        if hasPlanned { context.wake(.messages) }
    }

    private func plan(_ made: [Made], in tx: any WriteTransaction) throws -> [Outcome] {
        let now = context.clock.now()
        let orders = try OrdersTable.all(Set(made.map(\.order.id)), in: tx)
        var isOurs = made.map { orders[$0.order.id] == $0.order }
        // An order that changed meanwhile, such as its phone, is read and planned for anew.
        for (made, isSame) in zip(made, isOurs) where !isSame {
            try EventsTable.retry(made.claimed, at: now, error: "the order changed meanwhile", in: tx)
        }
        let closing = made.indices.filter { isOurs[$0] && made[$0].failure == nil }
        let closed = try EventsTable.close(closing.map { made[$0].claimed }, in: tx)
        for (place, isClosed) in zip(closing, closed) where !isClosed { isOurs[place] = false }
        let ours = made.indices.filter { isOurs[$0] }
        var planned = try Planner(context).plan(ours.flatMap { made[$0].prepared }, in: tx)[...]
        return made.indices.map { place in
            guard isOurs[place] else { return .notOurs }
            defer { planned = planned.dropFirst(made[place].prepared.count) }
            return .planned(Array(planned.prefix(made[place].prepared.count)))
        }
    }

    /// What the planners make of what happened, as filters left it. A filter that changed it is named in each message.
    /// - Returns: also why a planner has to be asked again; nil where each has said what it had to say.
    private func drafts(for happening: OrderHappening) -> (drafts: [MessageDraft], failure: (any Error)?) {
        let (told, trace) = context.hooks.apply(Hooks.orderEvent, to: happening)
        guard let told else { return ([], nil) }
        let notes = trace.filter { $0.outcome != .unchanged }.map(\.note)
        var drafts: [MessageDraft] = []
        var failure: (any Error)?
        for planner in planners() {
            do { drafts += try planner.plan(told.event, told.order) } catch { failure = error }
        }
        for place in drafts.indices { drafts[place].notes += notes }
        return (drafts, failure)
    }

    private func give(up claimed: EventsTable.Claimed, _ reason: String) throws {
        try context.database.writeBatch { tx in try EventsTable.fail(claimed, error: reason, in: tx) }
    }
}
