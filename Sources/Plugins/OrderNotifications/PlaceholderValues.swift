import Core
import Domain
import PluginKit
import Templating

/// What the placeholders stand for in one order. Empty where the order does not say.
struct PlaceholderValues {
    /// All but the items, which have to fit.
    private let values: [String: String]
    let items: ItemList

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
        switch kind {
        case .note(_, let text): values["note"] = text
        // A message about one parcel more speaks of that one.
        case .parcel(let number): values["tracking_number"] = number
        default: break
        }
        self.values = values
        items = ItemList(order.items, words)
    }

    /// - Parameter items: the text that stands for the items.
    func filled(items: String) -> [String: String] { values.merging(["order_items": items]) { $1 } }

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
        return words.has(key)
            ? Word(key) : Word("order.status.other", ["status": .text(OrderStatusName.readable(status))])
    }

    static func text(_ status: String, _ words: any TemplateWords) -> String {
        let word = word(status, words)
        return words.text(word.key, word.arguments)
    }
}
