import Templating

/// The names that may stand in braces in a text.
enum RulePlaceholder {
    /// Those that an order can fill, as the editor offers them.
    static let ofOrders = [
        "customer_first_name", "customer_last_name", "order_number", "order_total", "order_status", "order_date",
        "order_items", "payment_url", "tracking_url", "tracking_number", "refund_amount", "note", "site_name",
        "site_url", "unsubscribe_url",
    ]
    /// Those of carts are known too, and empty here.
    static let all = Set(ofOrders + ["cart_url", "cart_items", "cart_total", "coupon_code"])

    static func template(_ text: String) throws(TemplateError) -> MessageTemplate {
        try MessageTemplate(text, known: all)
    }

    /// Nil when the text can be filled.
    static func problem(in text: String, field: RuleProblem.Field) -> RuleProblem? {
        do throws(TemplateError) {
            _ = try template(text)
            return nil
        } catch {
            guard error.kind == .name else { return RuleProblem(field, "brace") }
            // The error marks the opening brace.
            let name = error.excerpt.dropFirst(error.column).prefix { $0 != "}" && $0 != "|" }
            let known = all.sorted().map { "{\($0)}" }.joined(separator: ", ")
            return RuleProblem(field, "placeholder", ["placeholder": "{\(name)}", "known": known])
        }
    }
}
