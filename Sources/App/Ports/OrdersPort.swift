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

    func removeAll(shop: String) throws {
        try context.database.write { tx in
            for order in try OrdersTable.forget(shop: shop, in: tx) {
                try MessagesTable.removeAll(of: .order, order, in: tx)
            }
        }
    }
}

/// The order is not one yet (`checkout-draft`), so nothing was stored.
struct OrderIgnored: Error, CustomStringConvertible {
    let status: String

    var description: String { "an order in status \(status) is not kept" }
}
