import Core
import Domain
import PluginKit
import Text

/// Reads the notes of one order, because an action's webhook said that there is a new one.
struct NotesJob: Sendable {
    static let kind = "woocommerce.notes"

    let client: ShopClient
    let context: PluginContext

    var declaration: JobDeclaration {
        JobDeclaration(kind: Self.kind, every: nil) { run in try turn(order: run.payload) }
    }

    private func turn(order: String) throws {
        let store = context.settings[WooCommerceSettings.storeURL]
        let now = context.clock.now()
        do {
            // The order's own webhook may have been lost, or not yet be here.
            let arrival = ID.make(at: now)
            let row = try client.get("orders/\(order)").json
            let currency = context.site().currency
            try context.news.take([PolledResource.orders.told(row, currency: currency, arrival: arrival)])
            try OrderNotes(client: client, context: context, store: store).read(order)
            // Only now: what could not be read is found by looking.
            try context.tables.write { tx in try WatchTable.told(store: store, at: now, in: tx) }
        } catch let error as ShopError {
            // Deleted meanwhile; or nobody could mend it by trying again: the poll tells of what is wrong.
            guard error.kind != .notFound else { return }
            guard !error.isPassing else { throw error }
            throw JobFailure(.never, message: error.description)
        }
    }
}
