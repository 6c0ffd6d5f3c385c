package import Core
package import Domain

/// One message that follows one moment of an order: when, to whom, what.
package struct Rule: Sendable, Equatable {
    /// Part of every intent key: it never changes while the rule lives.
    package var id: String
    /// A WooCommerce status without `wc-`, or one of `Moment`.
    package var status: String
    package var isOn: Bool
    package var purpose: Purpose
    package var delay: Timestamp.Span
    /// What is said where free text may go. Nil beside a nil template means the house's own words for this moment,
    /// in the customer's language.
    package var text: String?
    package var template: RuleTemplate?
    package var conditions: RuleConditions

    package init(
        id: String, status: String, isOn: Bool = true, purpose: Purpose = .orders, delay: Timestamp.Span = .zero,
        text: String? = nil, template: RuleTemplate? = nil, conditions: RuleConditions = RuleConditions()
    ) {
        self.id = id
        self.status = status
        self.isOn = isOn
        self.purpose = purpose
        self.delay = delay
        self.text = text
        self.template = template
        self.conditions = conditions
    }

    /// WooCommerce's own statuses, in the order of an order's life.
    package static let statuses = [
        "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed",
    ]
    /// What else can happen to an order.
    package static let moments = ["placed", "paid", "shipped", "partial_refund", "customer_note"]

    /// The word that holds the house's own text for this moment; custom statuses have none.
    var defaultWord: String { "rule.default." + status }
    var hasDefaultText: Bool { Self.statuses.contains(status) || Self.moments.contains(status) }
    /// The house's own text speaks.
    var usesDefaultText: Bool { text == nil && template == nil }
}

/// An approved template and the texts that fill it.
package struct RuleTemplate: Sendable, Equatable {
    package var name: String
    /// `auto` takes the customer's; else Meta's code (`pt_BR`).
    package var language: String
    /// By position (`1`, `2`) or name, each a text with placeholders.
    package var parameters: [TemplateCall.Parameter]

    package init(name: String, language: String = Self.auto, parameters: [TemplateCall.Parameter] = []) {
        self.name = name
        self.language = language
        self.parameters = parameters
    }

    package static let auto = "auto"
}

/// For which orders a rule speaks; an empty list asks nothing.
package struct RuleConditions: Sendable, Equatable {
    package var paymentMethods: [String]
    package var shippingMethods: [String]
    /// ISO 3166 alpha-2, of the billing address, or of the shipping address where that has none.
    package var countries: [String]
    /// A decimal amount in the order's currency.
    package var minTotal: String

    package init(
        paymentMethods: [String] = [], shippingMethods: [String] = [], countries: [String] = [], minTotal: String = "0"
    ) {
        self.paymentMethods = paymentMethods
        self.shippingMethods = shippingMethods
        self.countries = countries
        self.minTotal = minTotal
    }

    package func accept(_ order: Order) -> Bool {
        let country = order.customer.country ?? order.customer.shippingCountry
        guard Self.holds(paymentMethods, order.paymentMethod), Self.holds(shippingMethods, order.shippingMethod),
            Self.holds(countries, country),
            let least = Money(amount: minTotal, currency: order.total.currency)
        else { return false }
        return order.total.minorUnits >= least.minorUnits
    }

    private static func holds(_ list: [String], _ value: String?) -> Bool {
        if list.isEmpty { return true }
        guard let value = value?.lowercased() else { return false }
        return list.contains { $0.lowercased() == value }
    }
}
