// What a person does in WooCommerce's own admin.
extension WooCommerceDouble {
    /// A pair of keys beside the shop's first.
    package func grant(_ key: String, secret: String, mayWrite: Bool) {
        change { state, _, _ in state.keys.add(key, secret, mayWrite ? .readWrite : .read) }
    }

    /// Returns the webhook's id.
    @discardableResult
    package func makeWebhook(topic: String, deliveryURL: String, secret: String = "by hand") -> Int {
        change { state, _, _ in
            var value = ShopShapes.webhook
            value["topic"] = .text(topic)
            value["delivery_url"] = .text(deliveryURL)
            return state.hooks.add(value, secret: secret)["id"].int ?? 0
        }
    }

    /// - Parameter status: `active`, `paused` or `disabled`.
    package func setWebhook(_ id: Int, status: String) {
        change { state, _, _ in state.hooks.hooks[id]?.value["status"] = .text(status) }
    }

    package func removeWebhook(_ id: Int) { change { state, _, _ in state.hooks.hooks[id] = nil } }
}
