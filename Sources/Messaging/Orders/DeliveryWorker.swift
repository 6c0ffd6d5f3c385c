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
        try claimed.turn(claiming: {
            try context.database.writeBatch { tx in
                try DeliveriesTable.claim(limit: Self.batch, lease: Self.lease, now: now, in: tx)
            }
        }) { try work($0) }
        return try context.database.read { tx in try DeliveriesTable.nextDue(in: tx) }
    }

    private func work(_ claimed: DeliveriesTable.Claimed) throws {
        do {
            guard let reader = readers(claimed.delivery.endpoint) else {
                return try finish(claimed, .kept, note: "delivery.no_reader")
            }
            switch try reader(claimed.delivery) {
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
        // Statuses come by the thousand, and each of their statements is right by its own conditions.
        let after =
            try effects.allSatisfy(\.isStatus) ? context.database.writeBatch(apply) : context.database.write(apply)
        guard let after else { return }
        context.hooks.fire(Hooks.deliveryRead, claimed.delivery)
        for item in after { applier.announce(item) }
        if !after.isEmpty { context.wake(.messages) }
    }
}

extension DeliveryEffect {
    fileprivate var isStatus: Bool { if case .status = self { true } else { false } }
}
