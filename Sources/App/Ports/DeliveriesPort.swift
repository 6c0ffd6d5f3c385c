import Core
import Database
import Domain
import Messaging
import PluginKit
import SQL
import Store

/// Webhooks on their way to the disk.
struct DeliveriesPort: Deliveries {
    let context: MessagingContext

    func store(
        endpoint: String, topic: String, headers: [(String, String)], body: [UInt8], lane: String?
    ) throws -> Bool {
        let now = context.clock.now()
        let id = try context.database.write { [wake = context.wake] tx in
            let id = try DeliveriesTable.store(
                endpoint: endpoint, topic: topic, headers: headers, body: body, lane: lane, at: now, in: tx)
            if id != nil { tx.afterCommit { wake(.deliveries) } }
            return id
        }
        guard let id else { return false }
        context.hooks.fire(
            Hooks.deliveryStored,
            Delivery(id: id, endpoint: endpoint, topic: topic, receivedAt: now, body: body, lane: lane))
        return true
    }

    func countRefusal(endpoint: String, reason: String) {
        do {
            let now = context.clock.now()
            try context.database.writeBatch { tx in
                try RefusalsTable.add(endpoint: endpoint, reason: reason, at: now, in: tx)
            }
        } catch {
            context.log.warning("refusal not counted", ["error": .error(error)])
        }
    }
}
