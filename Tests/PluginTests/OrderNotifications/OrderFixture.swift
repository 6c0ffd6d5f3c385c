import Core
import Domain
import OrderNotifications
import PluginKit
import TestSupport

/// A house with one customer and one order, and what its rules make of it.
struct OrderFixture {
    let house: PluginContextDouble
    var order: Order
    var contact: ContactRef

    init() throws {
        house = try PluginContextDouble()
        contact = ContactRef(id: ID(7), phone: "+12025550143", firstName: "Zoë", lastName: "Hale")
        order = Order(
            shop: "woocommerce", externalID: "501", number: "2026-501", status: "processing",
            createdAt: Timestamp(seconds: 1_795_170_000), updatedAt: Timestamp(seconds: 1_795_170_007),
            total: Money(minorUnits: 123_450, currency: "EUR"), paymentMethod: "cod", shippingMethod: "flat_rate",
            customer: OrderCustomer(
                firstName: "Zoë", lastName: "Hale", phone: "(202) 555-0143", country: "US", shippingCountry: "CA"),
            items: [
                OrderItem(name: "Coffee mug", quantity: 2, total: Money(minorUnits: 2500, currency: "EUR")),
                OrderItem(name: "Tea & honey", quantity: 1, total: Money(minorUnits: 890, currency: "EUR")),
            ],
            refunds: [Refund(externalID: "38", amount: Money(minorUnits: 500, currency: "EUR"))],
            paymentURL: "https://shop.example/pay/501")
    }

    var stored: StoredOrder {
        StoredOrder(
            id: ID(42), contactID: contact.id, phoneProblem: nil, isRemoved: false, firstSeenAt: order.createdAt,
            order: order)
    }

    /// Puts rules in the place of the standard ones.
    func rules(_ rules: Rule...) { house.settings["orders.rules"] = RuleSet(rules).json }

    func drafts(_ kind: OrderEvent.Kind, of stored: StoredOrder? = nil) throws -> [MessageDraft] {
        house.contacts.add(contact)
        let event = OrderEvent(id: ID(1), orderID: ID(42), kind: kind, at: order.updatedAt)
        return try RulePlanner(house.context).drafts(for: event, of: stored ?? self.stored)
    }

    /// The text that a rule saying `text` sends.
    func text(_ text: String, _ kind: OrderEvent.Kind = .status("processing")) throws -> String? {
        let event = OrderEvent(id: ID(1), orderID: ID(42), kind: kind, at: order.updatedAt)
        rules(Rule(id: "r", status: event.ruleStatus, text: text))
        return try drafts(kind).first?.content.text
    }
}
