import Core
import Domain
import PluginKit
import Text

/// Reads what the shop wrote to customers of its orders, by REST: each note is told on once.
struct OrderNotes: Sendable {
    /// How many orders a turn looks at; each is a request.
    static let mostOrders = 20
    /// For so long after an action's webhook came nobody goes looking.
    private static let trust = Timestamp.Span.hours(1)

    let client: ShopClient
    let context: PluginContext
    let store: String

    /// Looks at some orders, in rotation: only if somebody wants notes sent and nobody tells of them.
    /// - Returns: how many were looked at.
    func round(_ run: JobRun) throws -> Int {
        guard isWanted else { return 0 }
        let now = context.clock.now()
        let forget = now - max(window, .days(30))
        let orders = try context.tables.write { [store] tx in
            if let told = try WatchTable.toldAt(store: store, in: tx), now - told < Self.trust { return [String]() }
            try WatchTable.clean(at: now, notesBefore: forget, store: store, in: tx)
            return try WatchTable.next(Self.mostOrders, store: store, at: now, in: tx)
        }
        for order in orders {
            if run.shouldStop() { break }
            try read(order)
            try run.save("notes of \(order)")
        }
        return orders.count
    }

    /// Tells on what is new among the notes of one order, which the host has to know.
    func read(_ order: String) throws {
        guard let rows = try rows(of: order) else {
            return try context.tables.write { [store] tx in try WatchTable.forget(order, store: store, in: tx) }
        }
        let known = try context.tables.read { tx in
            try WatchTable.knownNotes(of: order, store: store, in: tx)
        }
        let now = context.clock.now()
        // The shop lists the newest first.
        for row in rows.reversed() where row["customer_note"].bool == true {
            guard let id = row["id"].stringOrNumber, !known.contains(id) else { continue }
            if isRecent(row, now) { try tell(row, id, of: order) }
            try context.tables.write { [store] tx in
                try WatchTable.remember(note: id, of: order, store: store, at: now, in: tx)
            }
        }
        try context.tables.write { [store] tx in
            try WatchTable.looked(at: order, store: store, at: now, in: tx)
        }
    }

    /// Nil for an order that was deleted meanwhile.
    private func rows(of order: String) throws(ShopError) -> [JSON]? {
        do throws(ShopError) {
            let answer = try client.get("orders/\(order)/notes", query: [("type", "customer")])
            guard let rows = answer.json.array else {
                throw ShopError(.unreadable, host: "", detail: "expected a list of notes")
            }
            return rows
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    private func tell(_ row: JSON, _ id: String, of order: String) throws {
        let text = NoteText.plain(row["note"].string ?? "")
        guard !text.isEmpty else { return }
        let note = OrderNote(shop: ShopDelivery.shop, orderID: order, noteID: id, text: text)
        var body = JSONWriter()
        body.value(row)
        try context.news.take([
            ToldByShop(
                endpoint: ShopWebhook.endpoint, topic: "poll.note", body: body.bytes,
                meaning: .effects([.orderNote(note)]), arrival: ID.make(at: context.clock.now()))
        ])
    }

    private var window: Timestamp.Span { context.settings[WooCommerceSettings.firstSightWindow] ?? .zero }

    /// As an order first seen: what is older is only remembered.
    private func isRecent(_ row: JSON, _ now: Timestamp) -> Bool {
        guard let made = row["date_created_gmt"].string.flatMap({ Timestamp(rfc3339: $0) }) else { return true }
        return made >= now - window
    }

    /// Whether a rule sends notes. The rules are another plugin's, so their setting is read as what it is: JSON.
    private var isWanted: Bool {
        guard let rules = try? JSON(parsing: context.settings[WooCommerceSettings.rules]).array else { return false }
        return rules.contains { $0["status"].string == "customer_note" && $0["on"].bool == true }
    }
}
