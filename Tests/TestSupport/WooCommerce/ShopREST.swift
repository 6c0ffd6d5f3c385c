import Core
import HTTP
import Synchronization

/// `wc/v3` of the doubled shop. A caller holds the state's lock.
struct ShopREST {
    let home: String
    let profile: WooCommerceDouble.Profile
    let now: Timestamp

    func answer(_ request: ShopRequest, _ state: inout ShopState) throws(ShopError) -> ShopAnswer {
        let path = request.resource ?? []
        switch path.first {
        case "orders": return try orders(request, Array(path.dropFirst()), &state)
        case "coupons":
            return try coupons(request, Array(path.dropFirst()), &state)
        case "customers":
            return try resource(
                request, \.customers, ["name", "id", "include", "registered_date"], "invalid_id", path, &state)
        case "products":
            return try resource(request, \.products, Self.dated, "woocommerce_rest_product_invalid_id", path, &state)
        case "webhooks": return try webhooks(request, Array(path.dropFirst()), &state)
        default: return try ShopPlace(home: home, profile: profile).answer(request, path)
        }
    }

    static let dated = ["date", "id", "include", "title", "slug", "modified"]

    /// Collections that are only read here.
    private func resource(
        _ request: ShopRequest, _ collection: KeyPath<ShopState, [Int: ShopValue]>, _ orders: [String],
        _ code: String, _ path: [String], _ state: inout ShopState
    ) throws(ShopError) -> ShopAnswer {
        guard request.method == .get else { throw .noRoute }
        if path.count == 1 {
            return try ShopList(query: request.query, offset: state.offset, orders: orders)
                .page(of: Array(state[keyPath: collection].values))
        }
        guard let id = Int(path[1]), let value = state[keyPath: collection][id] else {
            throw ShopError(404, code, "Invalid ID.")
        }
        return ShopAnswer(value)
    }

    // MARK: Orders

    private func orders(
        _ request: ShopRequest, _ path: [String], _ state: inout ShopState
    ) throws(ShopError) -> ShopAnswer {
        if path.isEmpty {
            guard request.method == .get else {
                let id = state.placeOrder(try request.json(), home: home, at: now)
                return ShopAnswer(state.orders[id] ?? .null, status: 201)
            }
            let wanted = (request.query["status"] ?? "any").split(separator: ",").map(String.init)
            let rows = state.orders.values.filter { order in
                let status = order["status"].string ?? ""
                return wanted.contains(status) || (wanted.contains("any") && status != "trash")
            }
            return try ShopList(query: request.query, offset: state.offset, orders: Self.dated).page(of: rows)
        }
        guard let id = Int(path[0]), let order = state.orders[id] else { throw .invalidID("shop_order") }
        switch (request.method, path.dropFirst().first) {
        case (.get, nil): return ShopAnswer(order)
        case (.put, nil), (.post, nil):
            let fields = try request.json()
            state.changeOrder(id, at: now) { $0.merge(fields) }
            return ShopAnswer(state.orders[id] ?? .null)
        case (.delete, nil):
            if request.query["force"] == "true" { state.orders[id] = nil } else { state.trash(id, at: now) }
            return ShopAnswer(order)
        case (.get, "notes"): return notes(request, of: id, state)
        case (.post, "notes"):
            let fields = try request.json()
            guard let text = fields["note"].string else { throw .missing("note") }
            let isForCustomer = fields["customer_note"].bool ?? false
            let note = state.addNote(text, to: id, isForCustomer: isForCustomer, at: now)
            return ShopAnswer(state.notes[id]?.first { $0["id"].int == note } ?? .null, status: 201)
        case (.get, "refunds"): return ShopAnswer(.list((state.refunds[id] ?? []).reversed()))
        case (.post, "refunds"):
            let fields = try request.json()
            let refund = state.refund(
                id, amount: fields["amount"].word ?? "0.00", reason: fields["reason"].string ?? "", at: now)
            return ShopAnswer(state.refunds[id]?.first { $0["id"].int == refund } ?? .null, status: 201)
        default: throw .noRoute
        }
    }

    /// The newest first, all at once: notes have no pages.
    private func notes(_ request: ShopRequest, of id: Int, _ state: ShopState) -> ShopAnswer {
        let notes = (state.notes[id] ?? []).reversed().filter { note in
            switch request.query["type"] {
            case "customer": note["customer_note"].bool == true
            case "internal": note["customer_note"].bool == false
            default: true
            }
        }
        return ShopAnswer(.list(notes))
    }
}
