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
        try claimed.turn(claiming: {
            try context.database.writeBatch { tx in
                try EventsTable.claim(limit: Self.batch, lease: Self.lease, now: now, in: tx)
            }
        }) { try work($0) }
        return try context.database.read { tx in try EventsTable.nextDue(in: tx) }
    }

    private func work(_ claimed: EventsTable.Claimed) throws {
        do {
            guard let order = try context.database.read({ tx in try OrdersTable.find(claimed.event.orderID, in: tx) })
            else { return try give(up: claimed, "the order is gone") }
            let planner = Planner(context)
            let made = drafts(for: OrderHappening(event: claimed.event, order: order))
            let prepared = planner.prepare(made.drafts)
            let now = context.clock.now()
            let planned = try context.database.write { tx in
                // An order that changed meanwhile, such as its phone, is read and planned for anew.
                guard try OrdersTable.find(order.id, in: tx) == order else {
                    try EventsTable.retry(claimed, at: now, error: "the order changed meanwhile", in: tx)
                    return nil as [MessagesTable.Planned]?
                }
                // One planner that fails keeps no other's messages back; its own come with the next try.
                guard try made.failure != nil || EventsTable.close(claimed, in: tx) else { return nil }
                return try planner.plan(prepared, in: tx)
            }
            guard let planned else { return }
            planner.announce(prepared, planned)
            if let failure = made.failure {
                if !planned.isEmpty { context.wake(.messages) }
                throw failure
            }
            context.hooks.fire(Hooks.orderChanged, OrderHappening(event: claimed.event, order: order))
            if !planned.isEmpty { context.wake(.messages) }
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
