package import Core

// What happens in the shop.
extension WooCommerceDouble {
    /// An order as the recordings have it, with these fields its own. Returns its id.
    /// - Parameter at: when it was made and last changed, if not now.
    @discardableResult
    package func placeOrder(
        _ fields: KeyValuePairs<String, ShopValue> = [:], phone: String? = nil, firstName: String? = nil,
        isBlockCheckout: Bool = false, at time: Timestamp? = nil
    ) -> Int {
        change { state, home, now in
            var order = ShopValue.object(fields)
            var billing = ShopShapes.order["billing"]
            if let phone { billing["phone"] = .text(phone) }
            if let firstName { billing["first_name"] = .text(firstName) }
            if order["billing"] == .null { order["billing"] = billing }
            return state.placeOrder(order, home: home, isBlockCheckout: isBlockCheckout, at: time ?? now)
        }
    }

    package func order(_ id: Int) -> ShopValue? { change { state, _, _ in state.orders[id] } }

    package func setStatus(_ status: String, of order: Int, at time: Timestamp? = nil) {
        changeOrder(order, at: time) { $0["status"] = .text(status) }
    }

    package func changeOrder(_ id: Int, at time: Timestamp? = nil, _ change: (inout ShopValue) -> Void) {
        self.change { state, _, now in state.changeOrder(id, at: time ?? now, change) }
    }

    /// Changes what the shop says without its knowing: no date moves, no webhook is sent.
    package func tamper(_ id: Int, _ change: (inout ShopValue) -> Void) {
        self.change { state, _, _ in
            guard var order = state.orders[id] else { return }
            change(&order)
            state.orders[id] = order
        }
    }

    /// Returns the refund's id; nil for an unknown order.
    @discardableResult
    package func refund(_ order: Int, amount: String, reason: String = "", at time: Timestamp? = nil) -> Int? {
        change { state, _, now in state.refund(order, amount: amount, reason: reason, at: time ?? now) }
    }

    /// Returns the note's id; nil for an unknown order.
    @discardableResult
    package func addNote(
        _ text: String, to order: Int, isForCustomer: Bool = true, at time: Timestamp? = nil
    ) -> Int? {
        change { state, _, now in
            state.addNote(text, to: order, isForCustomer: isForCustomer, at: time ?? now)
        }
    }

    package func trash(_ order: Int) { change { state, _, now in state.trash(order, at: now) } }

    /// Gone for good; WooCommerce tells nobody.
    package func delete(_ order: Int) { change { state, _, _ in state.orders[order] = nil } }

    @discardableResult
    package func addCustomer(_ fields: KeyValuePairs<String, ShopValue> = [:], at time: Timestamp? = nil) -> Int {
        change { state, _, now in
            state.add(\.customers, ShopShapes.customer, .object(fields), topic: "customer", at: time ?? now)
        }
    }

    @discardableResult
    package func addProduct(_ fields: KeyValuePairs<String, ShopValue> = [:], at time: Timestamp? = nil) -> Int {
        change { state, _, now in
            state.add(\.products, ShopShapes.product, .object(fields), topic: "product", at: time ?? now)
        }
    }

    @discardableResult
    package func addCoupon(_ fields: KeyValuePairs<String, ShopValue> = [:], at time: Timestamp? = nil) -> Int {
        change { state, _, now in
            state.add(\.coupons, ShopShapes.coupon, .object(fields), topic: "coupon", at: time ?? now)
        }
    }

    package func coupon(_ code: String) -> ShopValue? {
        change { state, _, _ in state.coupons.values.first { $0["code"].string == code } }
    }

    package func changeCustomer(_ id: Int, _ change: (inout ShopValue) -> Void) {
        self.change { state, _, now in
            state.change(\.customers, id, topic: "customer", at: now, change)
        }
    }

    package func changeProduct(_ id: Int, _ change: (inout ShopValue) -> Void) {
        self.change { state, _, now in state.change(\.products, id, topic: "product", at: now, change) }
    }

    package func changeCoupon(_ id: Int, _ change: (inout ShopValue) -> Void) {
        self.change { state, _, now in state.change(\.coupons, id, topic: "coupon", at: now, change) }
    }
}

// Webhooks without REST, for tests of something else.
extension WooCommerceDouble {
    package func addWebhook(_ topic: String, to url: String, secret: String) {
        change { state, _, now in
            let parts = topic.split(separator: ".", maxSplits: 1).map(String.init)
            var value = ShopShapes.webhook
            state.stamp("created", now, on: &value)
            let fields: KeyValuePairs = [
                "name": topic, "topic": topic, "resource": parts.first ?? "", "event": parts.last ?? "",
                "delivery_url": url,
            ]
            for (name, text) in fields { value[name] = .text(text) }
            _ = state.hooks.add(value, secret: secret)
        }
    }
}
