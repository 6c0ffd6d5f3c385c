import Core

/// What the doubled shop holds, and how it changes. Times are the shop's: every `date_…` in its own zone, and beside
/// it the same as `date_…_gmt`, both in whole seconds.
struct ShopState {
    /// East of UTC.
    let offset: Timestamp.Span
    var orders: [Int: ShopValue] = [:]
    /// By order, the oldest first.
    var notes: [Int: [ShopValue]] = [:]
    var refunds: [Int: [ShopValue]] = [:]
    var customers: [Int: ShopValue] = [:]
    var coupons: [Int: ShopValue] = [:]
    var products: [Int: ShopValue] = [:]
    var hooks = ShopHooks()
    var keys = ShopKeys()
    private var lastID = 100

    init(offset: Timestamp.Span) { self.offset = offset }

    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    /// Sets one date in both forms, or clears it.
    func stamp(_ name: String, _ time: Timestamp?, on value: inout ShopValue) {
        value["date_\(name)"] = time.map { .text(Self.text($0 + offset)) } ?? .null
        value["date_\(name)_gmt"] = time.map { .text(Self.text($0)) } ?? .null
    }

    /// `2026-11-20T10:28:18`.
    static func text(_ time: Timestamp) -> String { String(time.rfc3339.prefix(19)) }

    /// A new resource of its shape, with an id, both dates and what `fields` say.
    mutating func make(_ shape: ShopValue, _ fields: ShopValue, at now: Timestamp) -> (id: Int, value: ShopValue) {
        let id = nextID()
        var value = shape
        value["id"] = .number(id)
        stamp("created", now, on: &value)
        if shape["date_modified"] == .null, shape.fields.contains(where: { $0.key == "date_modified" }) {
            stamp("modified", now, on: &value)
        }
        value.merge(fields)
        return (id, value)
    }
}

// Orders: who changes them, and which webhooks that calls for.
extension ShopState {
    private static let paid: Set<String> = ["processing", "completed"]

    /// - Parameter isBlockCheckout: its webhooks come updated first, then created.
    mutating func placeOrder(
        _ fields: ShopValue, home: String, isBlockCheckout: Bool = false, at now: Timestamp
    ) -> Int {
        var (id, order) = make(ShopShapes.order, .object([:]), at: now)
        order["number"] = .text(String(id))
        order["order_key"] = .text("wc_order_double\(id)")
        order["payment_url"] = .text(
            "\(home)/checkout/order-pay/\(id)/?pay_for_order=true&key=wc_order_double\(id)")
        order.merge(fields)
        if Self.paid.contains(order["status"].string ?? "") { stamp("paid", now, on: &order) }
        orders[id] = order
        let isDraft = order["status"].string == "checkout-draft"
        let topics = isBlockCheckout ? ["order.updated", "order.created"] : ["order.created", "order.updated"]
        for topic in isDraft ? ["order.updated"] : topics { hooks.enqueue(topic, .resource(id)) }
        return id
    }

    mutating func changeOrder(_ id: Int, at now: Timestamp, _ change: (inout ShopValue) -> Void) {
        guard var order = orders[id] else { return }
        let before = order["status"].string
        change(&order)
        stamp("modified", now, on: &order)
        let after = order["status"].string ?? ""
        if after != before {
            if Self.paid.contains(after), order["date_paid"] == .null { stamp("paid", now, on: &order) }
            if after == "completed" { stamp("completed", now, on: &order) }
        }
        orders[id] = order
        hooks.enqueue("order.updated", .resource(id))
    }

    /// A whole refund is for WooCommerce a change of status; a part of one only fills `refunds`.
    mutating func refund(_ id: Int, amount: String, reason: String, at now: Timestamp) -> Int? {
        guard orders[id] != nil else { return nil }
        let made = make(
            ShopShapes.refund, .object(["amount": .text(amount), "reason": .text(reason)]), at: now)
        refunds[id, default: []].append(made.value)
        changeOrder(id, at: now) { order in
            let line = ShopValue.object([
                "id": .number(made.id), "reason": .text(reason), "total": .text("-" + amount),
                "total_tax": .text("0.00"),
            ])
            order["refunds"] = .list((order["refunds"].list ?? []) + [line])
        }
        return made.id
    }

    /// A note changes no date of its order and sends no order webhook.
    mutating func addNote(_ text: String, to id: Int, isForCustomer: Bool, at now: Timestamp) -> Int? {
        guard orders[id] != nil else { return nil }
        let made = make(
            ShopShapes.note, .object(["note": .text(text), "customer_note": .bool(isForCustomer)]), at: now)
        notes[id, default: []].append(made.value)
        if isForCustomer {
            hooks.enqueue(
                "action.woocommerce_new_customer_note",
                .action(.object(["order_id": .number(id), "customer_note": .text(text)])))
        }
        return made.id
    }

    mutating func trash(_ id: Int, at now: Timestamp) {
        guard var order = orders[id] else { return }
        order["status"] = .text("trash")
        stamp("modified", now, on: &order)
        orders[id] = order
        hooks.enqueue("order.deleted", .resource(id))
    }
}

// The other resources.
extension ShopState {
    mutating func add(
        _ collection: WritableKeyPath<ShopState, [Int: ShopValue]>, _ shape: ShopValue, _ fields: ShopValue,
        topic: String, at now: Timestamp
    ) -> Int {
        let made = make(shape, fields, at: now)
        self[keyPath: collection][made.id] = made.value
        hooks.enqueue(topic + ".created", .resource(made.id))
        return made.id
    }

    mutating func change(
        _ collection: WritableKeyPath<ShopState, [Int: ShopValue]>, _ id: Int, topic: String, at now: Timestamp,
        _ change: (inout ShopValue) -> Void
    ) {
        guard var value = self[keyPath: collection][id] else { return }
        change(&value)
        stamp("modified", now, on: &value)
        self[keyPath: collection][id] = value
        hooks.enqueue(topic + ".updated", .resource(id))
    }
}

extension ShopState {
    /// The state at delivery: of an order that is gone for good WooCommerce signs and sends its own error.
    func payload(of pending: ShopHooks.Pending) -> ShopValue {
        let parts = pending.topic.split(separator: ".", maxSplits: 1).map(String.init)
        switch pending.subject {
        case .action(let argument):
            return .object(["action": .text(parts.last ?? ""), "arg": argument])
        case .resource(let id):
            if parts.last == "deleted" { return .object(["id": .number(id)]) }
            let found: ShopValue? =
                switch parts.first {
                case "order": orders[id]
                case "customer": customers[id]
                case "coupon": coupons[id]
                case "product": products[id]
                default: nil
                }
            return found ?? ShopError.invalidID("shop_\(parts.first ?? "")").body
        }
    }
}
