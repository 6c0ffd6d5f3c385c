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
                return try work(statusesOf: claimed, readings)
            },
            alone: { item in try work(item, readings[item.delivery.id] ?? read(item.delivery)) })
        return try context.database.read { tx in try DeliveriesTable.nextDue(in: tx) }
    }

    /// What a delivery means; nil for one that nobody reads.
    private func read(_ delivery: Delivery) -> Read {
        Result { try readers(delivery.endpoint)?(delivery) }
    }

    /// Statuses come by the thousand: of all deliveries that tell of nothing else in one transaction, whose statements
    /// are each right by their own conditions.
    /// - Returns: the other deliveries; all of them where one keeps others back.
    private func work(
        statusesOf claimed: [DeliveriesTable.Claimed], _ readings: [ID: Read]
    ) throws -> [DeliveriesTable.Claimed] {
        let told = claimed.compactMap { item in
            (try? readings[item.delivery.id]?.get())?.statuses.map { (claimed: item, updates: $0) }
        }
        guard told.count > 1 else { return claimed }
        let tracker = StatusTracker(context)
        do {
            let (isOurs, moves) = try context.database.writeBatch { tx in
                let isOurs = try DeliveriesTable.finish(told.map(\.claimed), as: .worked, note: nil, in: tx)
                return (isOurs, try tracker.apply(zip(told, isOurs).filter(\.1).flatMap(\.0.updates), in: tx))
            }
            for (item, isOurs) in zip(told, isOurs) where isOurs {
                context.hooks.fire(Hooks.deliveryRead, item.claimed.delivery)
            }
            announce(moves.map(Aftermath.status))
        } catch let error as DatabaseError where error.kind == .unavailable {
            throw error
        } catch {
            context.log.info("deliveries one by one", ["deliveries": .text("\(told.count)"), "error": .error(error)])
            return claimed
        }
        let done = Set(told.map(\.claimed.delivery.id))
        return claimed.filter { !done.contains($0.delivery.id) }
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
            case .effects(let effects): try apply(effects, of: claimed)
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

    private func apply(_ effects: [DeliveryEffect], of claimed: DeliveriesTable.Claimed) throws {
        let applier = EffectApplier(context, orders: orders)
        let prepared = effects.map { applier.prepare($0, of: claimed.delivery) }
        let apply = { @Sendable (tx: any WriteTransaction) throws -> [Aftermath]? in
            guard try DeliveriesTable.finish(claimed, as: .worked, note: nil, in: tx) else {
                return nil
            }
            return try prepared.compactMap { try applier.apply($0, in: tx) }
        }
        let isOfStatuses = effects.allSatisfy { $0.status != nil }
        let after = try isOfStatuses ? context.database.writeBatch(apply) : context.database.write(apply)
        guard let after else { return }
        context.hooks.fire(Hooks.deliveryRead, claimed.delivery)
        announce(after)
    }
}

extension DeliveryMeaning {
    /// What it tells of, where that is statuses and nothing else.
    fileprivate var statuses: [StatusUpdate]? {
        guard case .effects(let effects) = self else { return nil }
        let updates = effects.compactMap(\.status)
        return updates.count == effects.count && !updates.isEmpty ? updates : nil
    }
}

extension DeliveryEffect {
    fileprivate var status: StatusUpdate? { if case .status(let update) = self { update } else { nil } }
}
