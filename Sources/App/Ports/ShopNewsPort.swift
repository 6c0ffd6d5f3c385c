import Core
import Database
import Domain
import Messaging
import PluginKit
import SQL
import Store

/// What plugins learn of their shop by asking.
struct ShopNewsPort: ShopNews {
    let context: MessagingContext
    let applier: EffectApplier

    /// Some 10 ms of work for the database.
    private static let batch = 10

    func take(_ told: [ToldByShop]) throws {
        for start in stride(from: 0, to: told.count, by: Self.batch) {
            let some = told[start..<min(start + Self.batch, told.count)]
            do {
                try apply(some)
            } catch let error where !Self.isAway(error) {
                for one in some { try take(one) }
            }
        }
    }

    /// On its own, so that it fails alone.
    private func take(_ one: ToldByShop) throws {
        do {
            try apply([one])
        } catch let error where !Self.isAway(error) {
            try show(one, failure: error)
        }
    }

    private func apply(_ told: ArraySlice<ToldByShop>) throws {
        var prepared: [PreparedEffect] = []
        for one in told {
            switch one.meaning {
            case .kept: continue
            case .unreadable(let word, let detail): try show(one, note: "\(word): \(detail)")
            case .effects(let effects):
                let delivery = Delivery(
                    id: one.arrival, endpoint: one.endpoint, topic: one.topic, receivedAt: context.clock.now(),
                    body: one.body, lane: nil)
                prepared += effects.map { applier.prepare($0, of: delivery) }
            }
        }
        guard !prepared.isEmpty else { return }
        let after = try context.database.write { [applier, prepared] tx in
            try prepared.compactMap { try applier.apply($0, in: tx) }
        }
        for item in after { applier.announce(item) }
        if !after.isEmpty { context.wake(.messages) }
    }

    /// Then it may go well later; any other failure would come again, and hold up whatever stands behind it.
    private static func isAway(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return error.kind == .contention || error.kind == .unavailable
    }

    private func show(_ told: ToldByShop, failure: any Error) throws {
        context.log.error(
            "news of the shop not taken",
            ["topic": .text(told.topic), "error": .text(String(describing: failure))])
        try show(told, note: "delivery.failed: \(failure)")
    }

    private func show(_ told: ToldByShop, note: String) throws {
        let now = context.clock.now()
        try context.database.write { tx in
            _ = try DeliveriesTable.store(
                endpoint: told.endpoint, topic: told.topic, headers: [], body: told.body, lane: nil,
                state: .unreadable, note: note, at: now, in: tx)
        }
    }
}
