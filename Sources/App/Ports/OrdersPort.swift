import Core
import Database
import Domain
import Messaging
import PluginKit
import Store

/// Orders as plugins reach them.
struct OrdersPort: Orders {
    let context: MessagingContext
    let desk: OrderDesk

    func receive(_ order: Order, consents: [ConsentStatement]) throws -> StoredOrder {
        guard let stored = try desk.receive(order, consents: consents).order else {
            throw OrderIgnored(status: order.status)
        }
        return stored
    }

    func find(_ id: ID) throws -> StoredOrder? { try context.database.read { tx in try OrdersTable.find(id, in: tx) } }

    func recent(limit: Int) throws -> [StoredOrder] {
        try context.database.read { tx in try OrdersTable.page(PageRequest(limit: limit), in: tx).rows }
    }

    func statuses() throws -> [String] {
        try context.database.read { tx in try OrdersTable.statuses(limit: 100, in: tx) }
    }

    func note(_ text: String, on order: ID) throws {
        let now = context.clock.now()
        let id = ID.make(at: now)
        let note = OrderEvent.Kind.note(noteID: id.description, text: text)
        try context.database.write { tx in
            guard try OrdersTable.find(order, in: tx) != nil else { return }
            try EventsTable.add(OrderEvent(id: id, orderID: order, kind: note, at: now), in: tx)
        }
        context.wake(.events)
    }

    func removeAll(shop: String, by actor: String) throws {
        let removal = ShopRemoval(keys: context.keys)
        var orders = 0
        var people = 0
        // In steps, so that others' writes get their turn in between.
        while true {
            let now = context.clock.now()
            let gone = try context.database.write { tx in try removal.step(shop, limit: 50, at: now, in: tx) }
            if gone.orders == 0 { break }
            orders += gone.orders
            people += gone.people.count
            context.hooks.fire(Hooks.forgotten, Forgotten(people: gone.people, messages: gone.messages))
        }
        let now = context.clock.now()
        let entry = AuditEntry(
            id: ID.make(at: now), at: now, actor: actor, action: "shop.removed", subject: "shop:" + shop,
            data: ["orders": String(orders), "people": String(people)])
        try context.database.write { tx in try AuditTable.add(entry, in: tx) }
    }
}

/// The order is not one yet (`checkout-draft`), so nothing was stored.
struct OrderIgnored: Error, CustomStringConvertible {
    let status: String

    var description: String { "an order in status \(status) is not kept" }
}
