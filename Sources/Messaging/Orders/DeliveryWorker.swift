package import Core
import Database
package import Domain
package import PluginKit
import SQL
import Store

/// Works stored webhooks, those of one lane one at a time and in order of arrival: a plugin's reader says what each
/// means, and the host does it in the transaction that closes the delivery.
package struct DeliveryWorker: Sendable {
    /// Says what a delivery means; throws when that cannot be said now.
    package typealias Reading = @Sendable (Delivery) throws -> DeliveryMeaning

    private typealias Read = Result<DeliveryMeaning?, any Error>

    private static let lease = Timestamp.Span.seconds(60)
    private static let batch = 64
    /// So many orders share a commit: few enough that nobody waits long for a row.
    private static let atOnce = 16
    private static let mostTries = 12

    private let context: MessagingContext
    private let claimed = ClaimedWork<DeliveriesTable.Claimed>()
    private let orders: OrderDesk
    private let readers: @Sendable (String) -> Reading?

    package init(
        _ context: MessagingContext, orders: OrderDesk, readers: @escaping @Sendable (String) -> Reading?
    ) {
        self.context = context
        self.orders = orders
        self.readers = readers
    }

    /// Works what is due. Returns when the next delivery is due; nil for none.
    package func turn() throws -> Timestamp? {
        let now = context.clock.now()
        var readings: [ID: Read] = [:]
        try claimed.turn(
            claiming: {
                try context.database.writeBatch { tx in
                    try DeliveriesTable.claim(limit: Self.batch, lease: Self.lease, now: now, in: tx)
                }
            },
            together: { claimed in
                for item in claimed { readings[item.delivery.id] = read(item.delivery) }
                return try work(together: claimed, readings)
            },
            alone: { item in try work(item, readings[item.delivery.id] ?? read(item.delivery)) })
        return try context.database.read { tx in try DeliveriesTable.nextDue(in: tx) }
    }

    /// What a delivery means; nil for one that nobody reads.
    private func read(_ delivery: Delivery) -> Read {
        Result { try readers(delivery.endpoint)?(delivery) }
    }

    /// What a delivery tells of.
    private typealias Told = (claimed: DeliveriesTable.Claimed, effects: [DeliveryEffect])

    /// Many deliveries with the commit of one: all that tell of nothing but statuses, and the others some at a time.
    /// - Returns: those that are left to be done one by one.
    private func work(
        together claimed: [DeliveriesTable.Claimed], _ readings: [ID: Read]
    ) throws -> [DeliveriesTable.Claimed] {
        let told = claimed.compactMap { item -> Told? in
            guard case .effects(let effects)? = try? readings[item.delivery.id]?.get() else { return nil }
            return (item, effects)
        }
        guard told.count > 1 else { return claimed }
        let statuses = told.filter { $0.effects.isOfStatuses }
        let others = told.filter { !$0.effects.isOfStatuses }
        var done: Set<ID> = []
        if try isDone(statuses, apply(statusesOf:)) { done.formUnion(statuses.map(\.claimed.delivery.id)) }
        for first in stride(from: 0, to: others.count, by: Self.atOnce) {
            let some = Array(others[first..<min(first + Self.atOnce, others.count)])
            if try isDone(some, apply(others:)) { done.formUnion(some.map(\.claimed.delivery.id)) }
        }
        return claimed.filter { !done.contains($0.delivery.id) }
    }

    /// Whether they could be done together; not where one of them keeps the others back.
    private func isDone(_ told: [Told], _ apply: ([Told]) throws -> Void) throws -> Bool {
        do {
            try apply(told)
            return true
        } catch let error as DatabaseError where error.kind == .unavailable {
            throw error
        } catch {
            context.log.info("deliveries one by one", ["deliveries": .text("\(told.count)"), "error": .error(error)])
            return false
        }
    }

    /// Statuses come by the thousand, and their statements are each right by their own conditions.
    private func apply(statusesOf told: [Told]) throws {
        guard !told.isEmpty else { return }
        let tracker = StatusTracker(context)
        let (isOurs, moves) = try context.database.writeBatch { tx in
            let isOurs = try DeliveriesTable.finish(told.map(\.claimed), as: .worked, note: nil, in: tx)
            let updates = zip(told, isOurs).filter(\.1).flatMap { $0.0.effects.compactMap(\.status) }
            return (isOurs, try tracker.apply(updates, in: tx))
        }
        for (item, isOurs) in zip(told, isOurs) where isOurs {
            context.hooks.fire(Hooks.deliveryRead, item.claimed.delivery)
        }
        announce(moves.map(Aftermath.status))
    }

    private func apply(others told: [Told]) throws {
        let applier = EffectApplier(context, orders: orders)
        let prepared = told.map { item in item.effects.map { applier.prepare($0, of: item.claimed.delivery) } }
        let after = try context.database.write { tx in
            let isOurs = try DeliveriesTable.finish(told.map(\.claimed), as: .worked, note: nil, in: tx)
            return try zip(prepared, isOurs).map { prepared, isOurs in
                try isOurs ? prepared.compactMap { try applier.apply($0, in: tx) } : nil
            }
        }
        for (item, after) in zip(told, after) where after != nil {
            context.hooks.fire(Hooks.deliveryRead, item.claimed.delivery)
        }
        announce(after.compactMap { $0 }.flatMap { $0 })
    }

    private func announce(_ after: [Aftermath]) {
        let applier = EffectApplier(context, orders: orders)
        for item in after { applier.announce(item) }
        if !after.isEmpty { context.wake(.messages) }
    }

    private func work(_ claimed: DeliveriesTable.Claimed, _ reading: Read) throws {
        do {
            switch try reading.get() {
            case nil: try finish(claimed, .kept, note: "delivery.no_reader")
            case .kept(let word): try finish(claimed, .kept, note: word)
            case .unreadable(let word, let detail): try finish(claimed, .unreadable, note: "\(word): \(detail)")
            case .effects(let effects) where effects.isOfStatuses: try apply(statusesOf: [(claimed, effects)])
            case .effects(let effects): try apply(others: [(claimed, effects)])
            }
        } catch let error as DatabaseError where error.kind == .unavailable {
            // No fault of its own, and nothing could be noted now.
            throw error
        } catch {
            context.log.error(
                "delivery failed",
                ["delivery": .text(claimed.delivery.id.description), "error": .error(error)])
            if claimed.tries >= Self.mostTries {
                return try finish(claimed, .unreadable, note: "delivery.failed: \(error)")
            }
            let due = context.clock.now() + .seconds(min(1800, 2 << Int64(claimed.tries)))
            try context.database.writeBatch { tx in
                try DeliveriesTable.retry(claimed, at: due, note: String(describing: error), in: tx)
            }
        }
    }

    private func finish(_ claimed: DeliveriesTable.Claimed, _ state: Delivery.State, note: String?) throws {
        _ = try context.database.writeBatch { tx in
            try DeliveriesTable.finish(claimed, as: state, note: note, in: tx)
        }
    }
}

extension [DeliveryEffect] {
    fileprivate var isOfStatuses: Bool { !isEmpty && allSatisfy { $0.status != nil } }
}

extension DeliveryEffect {
    fileprivate var status: StatusUpdate? { if case .status(let update) = self { update } else { nil } }
}
