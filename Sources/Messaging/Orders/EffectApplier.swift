import Core
import Database
package import Domain
package import PluginKit
package import SQL
package import Store

/// An effect with what was found out about it outside the transaction.
package enum PreparedEffect: Sendable {
    case order(IncomingOrder)
    case customer(IncomingCustomer)
    case other(DeliveryEffect)
}

/// What is to be told after the commit.
package enum Aftermath: Sendable {
    case order(OrderReceipt)
    case status(StatusTracker.Move)
    case received(InboundMessage, Inbox.Heard)
    case preferred(PreferenceChange, Inbox.Heard)
}

/// Does what a webhook means.
package struct EffectApplier: Sendable {
    private let context: MessagingContext
    private let orders: OrderDesk
    private let inbox: Inbox
    private let tracker: StatusTracker

    package init(_ context: MessagingContext, orders: OrderDesk) {
        self.context = context
        self.orders = orders
        inbox = Inbox(context)
        tracker = StatusTracker(context)
    }

    package func prepare(_ effect: DeliveryEffect, of delivery: Delivery?) -> PreparedEffect {
        switch effect {
        case .order(let order): .order(orders.prepare(order, arrival: delivery?.id))
        case .customer(let customer): .customer(orders.prepare(customer))
        default: .other(effect)
        }
    }

    package func apply(_ effect: PreparedEffect, in tx: any WriteTransaction) throws -> Aftermath? {
        switch effect {
        case .order(let incoming): return .order(try orders.receive(incoming, in: tx))
        case .customer(let incoming):
            try CustomerReception.receive(incoming, at: context.clock.now(), in: tx)
            return nil
        case .other(let effect): return try apply(other: effect, in: tx)
        }
    }

    private func apply(other effect: DeliveryEffect, in tx: any WriteTransaction) throws -> Aftermath? {
        switch effect {
        case .order, .customer, .notice: return nil
        case .orderRemoved(let shop, let externalID):
            try setRemoved(true, shop: shop, externalID: externalID, in: tx)
            return nil
        case .orderRestored(let shop, let externalID):
            try setRemoved(false, shop: shop, externalID: externalID, in: tx)
            return nil
        case .orderNote(let note):
            if try NoteReception.receive(note, at: context.clock.now(), in: tx) {
                tx.afterCommit { [context] in context.wake(.events) }
            }
            return nil
        case .job(let kind, let payload, let dedupe):
            let now = context.clock.now()
            try JobsTable.enqueue(kind, payload: payload, dedupe: dedupe, due: now, at: now, in: tx)
            tx.afterCommit { [context] in context.wake(.jobs) }
            return nil
        case .parcels(let shop, let externalID, let numbers, let url):
            return try orders.receiveParcels(numbers, url: url, shop: shop, externalID: externalID, in: tx)
                .map(Aftermath.order)
        case .status(let update):
            return try tracker.apply([update], in: tx).first.map(Aftermath.status)
        case .received(let message):
            return try inbox.receive(message, in: tx).map { .received(message, $0) }
        case .preference(let change):
            return try inbox.prefer(change, in: tx).map { .preferred(change, $0) }
        case .customerRemoved, .coupon, .couponRemoved, .product, .productRemoved:
            try keep(effect, in: tx)
            return nil
        }
    }

    /// What the shop tells besides orders is kept, and nothing follows from it.
    private func keep(_ effect: DeliveryEffect, in tx: any WriteTransaction) throws {
        let now = context.clock.now()
        switch effect {
        case .customerRemoved(let shop, let id): try AccountsTable.remove(shop: shop, externalID: id, in: tx)
        case .coupon(let coupon): try CouponsTable.put(coupon, at: now, in: tx)
        case .couponRemoved(let shop, let id): try CouponsTable.remove(shop: shop, externalID: id, at: now, in: tx)
        case .product(let product): try ProductsTable.put(product, at: now, in: tx)
        case .productRemoved(let shop, let id): try ProductsTable.remove(shop: shop, externalID: id, at: now, in: tx)
        default: break
        }
    }

    /// After the commit: tells the hooks and wakes whoever has work now.
    package func announce(_ aftermath: Aftermath) {
        switch aftermath {
        case .order(let receipt): orders.announce(receipt)
        case .status(let move):
            context.hooks.fire(Hooks.messageStatusChanged, move.row.info)
            if move.wasUnknown { context.hooks.fire(Hooks.unknownResolved, move.row.info) }
        case .received(let message, let heard):
            inbox.announce(heard)
            context.hooks.fire(Hooks.messageReceived, message)
        case .preferred(let change, let heard):
            inbox.announce(heard)
            context.hooks.fire(Hooks.preferenceChanged, change)
        }
    }

    /// Applies one effect on its own.
    package func apply(_ effect: DeliveryEffect) throws {
        let prepared = prepare(effect, of: nil)
        if let aftermath = try context.database.write({ tx in try apply(prepared, in: tx) }) { announce(aftermath) }
    }

    /// What an order that is gone still had to say is not said any more.
    private func setRemoved(
        _ removed: Bool, shop: String, externalID: String, in tx: any WriteTransaction
    ) throws {
        guard let id = try OrdersTable.setRemoved(removed, shop: shop, externalID: externalID, in: tx), removed
        else { return }
        let stopped = try LedgerUpkeep.cancelAll(
            of: .order, id, reason: PolicyReason.orderRemoved.rawValue, at: context.clock.now(), in: tx)
        context.announceStopped(stopped, after: tx)
    }
}
