/// What we want to hear of.
enum HookTopics {
    static let all = [
        "order.created", "order.updated", "order.deleted", "order.restored", "customer.created", "customer.updated",
        "coupon.created", "coupon.updated", "coupon.deleted", "product.created", "product.updated", "product.deleted",
        customerNote,
    ]

    /// A WordPress action: WooCommerce has no topic of its own for what a shop writes to an order's customer.
    static let customerNote = "action.woocommerce_new_customer_note"

    /// The name under which it stands in WooCommerce.
    static func name(_ topic: String) -> String { "Cartwright: \(topic)" }
}
