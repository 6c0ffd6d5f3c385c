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

    func take(_ told: ToldByShop) throws {
        switch told.meaning {
        case .kept: return
        case .unreadable(let word, let detail): try show(told, note: "\(word): \(detail)")
        case .effects(let effects):
            do {
                try apply(effects, of: told)
            } catch let error as DatabaseError where error.kind == .contention || error.kind == .unavailable {
                throw error
            } catch {
                // Asked again it would fail again, and hold up whatever comes behind it.
                context.log.error(
                    "news of the shop not taken",
                    ["topic": .text(told.topic), "error": .text(String(describing: error))])
                try show(told, note: "delivery.failed: \(error)")
            }
        }
    }

    private func apply(_ effects: [DeliveryEffect], of told: ToldByShop) throws {
        let delivery = Delivery(
            id: told.arrival, endpoint: told.endpoint, topic: told.topic, receivedAt: context.clock.now(),
            body: told.body, lane: nil)
        let prepared = effects.map { applier.prepare($0, of: delivery) }
        let after = try context.database.write { [applier] tx in
            try prepared.compactMap { try applier.apply($0, in: tx) }
        }
        for item in after { applier.announce(item) }
        if !after.isEmpty { context.wake(.messages) }
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
