import Core
import Domain
import PluginKit
import Templating

/// What the placeholders stand for in one order. Empty where the order does not say.
struct PlaceholderValues {
    /// For free text: the items stand in lines of their own.
    let lines: [String: String]
    /// For a template's parameters: the items stand behind each other.
    let oneLine: [String: String]

    init(order: Order, contact: ContactRef?, kind: OrderEvent.Kind, site: Site, words: any TemplateWords) {
        let customer = order.customer
        var values: [String: String] = [
            "customer_first_name": customer.firstName.isEmpty ? contact?.firstName ?? "" : customer.firstName,
            "customer_last_name": customer.lastName.isEmpty ? contact?.lastName ?? "" : customer.lastName,
            "order_number": order.number,
            "order_total": words.money(order.total),
            "order_status": OrderStatusWord.text(Self.status(of: order, kind), words),
            "order_date": words.date(order.createdAt, zone: site.timeZone),
            "payment_url": order.paymentURL ?? "",
            "tracking_url": order.trackingURL ?? "",
            "tracking_number": order.trackingNumber ?? "",
            "refund_amount": Self.refund(of: order, kind).map(words.money) ?? "",
            "site_name": site.name,
            "site_url": site.url,
            "unsubscribe_url": MessageContent.unsubscribePlaceholder,
        ]
        if case .note(_, let text) = kind { values["note"] = text }
        let items = Self.items(of: order, words)
        lines = values.merging(["order_items": items.joined(separator: "\n")]) { $1 }
        oneLine = values.merging(["order_items": items.joined(separator: ", ")]) { $1 }
    }

    /// More lines than this help nobody on a phone.
    private static let mostItems = 20

    private static func items(of order: Order, _ words: any TemplateWords) -> [String] {
        let shown = order.items.count > mostItems ? order.items.prefix(mostItems - 1) : order.items[...]
        var lines = shown.map { "\(words.number(Int64($0.quantity))) × \($0.name)" }
        let rest = order.items.count - shown.count
        if rest > 0 { lines.append(words.text("rule.more_items", ["count": .number(Int64(rest))])) }
        return lines
    }

    /// A message about a status speaks of that one, though the order may have moved on.
    private static func status(of order: Order, _ kind: OrderEvent.Kind) -> String {
        if case .status(let status) = kind { status } else { order.status }
    }

    /// The one refund that happened; else all that was refunded, of a wholly refunded order at least its total.
    private static func refund(of order: Order, _ kind: OrderEvent.Kind) -> Money? {
        if case .partialRefund(let id) = kind { return order.refunds.first { $0.externalID == id }?.amount }
        let sum = order.refunds.reduce(0) { $0 + $1.amount.minorUnits }
        if sum > 0 { return Money(minorUnits: sum, currency: order.total.currency) }
        return Self.status(of: order, kind) == "refunded" ? order.total : nil
    }
}

/// The name of a status for people.
enum OrderStatusWord {
    static func word(_ status: String, _ words: any TemplateWords) -> Word {
        let key = "order.status." + status
        return words.has(key) ? Word(key) : Word("order.status.other", ["status": .text(status)])
    }

    static func text(_ status: String, _ words: any TemplateWords) -> String {
        let word = word(status, words)
        return words.text(word.key, word.arguments)
    }
}
