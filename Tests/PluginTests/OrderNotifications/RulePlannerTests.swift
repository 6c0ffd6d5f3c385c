import Core
import Domain
import OrderNotifications
import PluginKit
import TestSupport
import Testing

/// From what happened to an order to the messages that are planned.
@Suite struct `The planner of order messages` {
    private var fixture: OrderFixture

    init() throws { fixture = try OrderFixture() }

    @Test func `plans what the rule says, once for its order, moment and rule`() throws {
        fixture.rules(Rule(id: "thanks", status: "processing", purpose: .payments, text: "Order {order_number}"))
        #expect(
            try fixture.drafts(.status("processing")) == [
                MessageDraft(
                    intentKey: "order:woocommerce:501:processing:thanks", purpose: .payments, contactID: ID(7),
                    content: MessageContent(text: "Order 2026-501"),
                    source: MessageSource(kind: .order, id: ID(42), rule: "thanks"))
            ])
    }

    @Test(arguments: [
        (OrderEvent.Kind.placed, "placed", "order:woocommerce:501:placed:r"),
        (.paid, "paid", "order:woocommerce:501:paid:r"),
        (.shipped, "shipped", "order:woocommerce:501:shipped:r"),
        (.parcel(number: "A:2#1"), "shipped", "order:woocommerce:501:shipped:A21:r"),
        (.status("packed"), "packed", "order:woocommerce:501:packed:r"),
        (.partialRefund(refundID: "38"), "partial_refund", "order:woocommerce:501:refund:38:r"),
        (.note(noteID: "9", text: "Hi"), "customer_note", "order:woocommerce:501:note:9:r"),
    ])
    func `names the intent by what happened`(kind: OrderEvent.Kind, status: String, key: String) throws {
        fixture.rules(Rule(id: "r", status: status, text: "x"))
        #expect(try fixture.drafts(kind).map(\.intentKey) == [key])
    }

    @Test func `lets every rule of the moment speak, and no other`() throws {
        fixture.rules(
            Rule(id: "a", status: "processing", text: "a"), Rule(id: "b", status: "completed", text: "b"),
            Rule(id: "c", status: "processing", text: "c"), Rule(id: "d", status: "processing", isOn: false, text: "d"))
        #expect(try fixture.drafts(.status("processing")).map(\.source.rule) == ["a", "c"])
        #expect(try fixture.drafts(.paid).isEmpty)
    }

    @Test func `says nothing to nobody`() throws {
        fixture.rules(Rule(id: "a", status: "processing", text: "a"))
        var unreachable = fixture.stored
        unreachable.contactID = nil
        #expect(try fixture.drafts(.status("processing"), of: unreachable).isEmpty)
    }

    @Test func `leaves it to the policy to stop the messages of an order that is gone`() throws {
        fixture.rules(Rule(id: "a", status: "processing", text: "a"))
        var removed = fixture.stored
        removed.isRemoved = true
        #expect(try fixture.drafts(.status("processing"), of: removed).count == 1)
    }

    @Test func `has a delayed message about a status wait for the same status`() throws {
        fixture.rules(
            Rule(id: "now", status: "on-hold", text: "a"),
            Rule(id: "later", status: "on-hold", delay: .hours(2), text: "a"),
            Rule(id: "moment", status: "shipped", delay: .hours(2), text: "a"))
        let drafts = try fixture.drafts(.status("on-hold"))
        #expect(drafts.map(\.delay) == [.zero, .hours(2)])
        #expect(drafts.map(\.requiredOrderStatus) == [nil, "on-hold"])
        #expect(try fixture.drafts(.shipped).map(\.requiredOrderStatus) == [nil])
    }

    @Test(arguments: [
        (RuleConditions(), true),
        (RuleConditions(paymentMethods: ["bacs", "COD"]), true),
        (RuleConditions(paymentMethods: ["bacs"]), false),
        (RuleConditions(shippingMethods: ["flat_rate"]), true),
        (RuleConditions(shippingMethods: ["local_pickup"]), false),
        (RuleConditions(countries: ["DE", "US"]), true),
        (RuleConditions(countries: ["CA"]), false),
        (RuleConditions(minTotal: "1234.50"), true),
        (RuleConditions(minTotal: "1234.51"), false),
        (RuleConditions(paymentMethods: ["cod"], countries: ["DE"]), false),
    ])
    func `asks each condition`(conditions: RuleConditions, speaks: Bool) throws {
        fixture.rules(Rule(id: "a", status: "processing", text: "a", conditions: conditions))
        #expect(try fixture.drafts(.status("processing")).isEmpty != speaks)
    }

    @Test func `takes the shipping country where the billing address has none, and no condition for unknown`() throws {
        var fixture = fixture
        fixture.rules(Rule(id: "a", status: "processing", text: "a", conditions: RuleConditions(countries: ["CA"])))
        fixture.order.customer.country = nil
        #expect(try fixture.drafts(.status("processing")).count == 1)
        fixture.order.customer.shippingCountry = nil
        #expect(try fixture.drafts(.status("processing")).isEmpty)
    }

    @Test(arguments: [
        ("{customer_first_name} {customer_last_name}", "Zoë Hale"),
        ("{order_number}", "2026-501"),
        ("{order_total}", "€1,234.50"),
        ("{order_status}", "Processing"),
        ("{order_date}", "Nov 20, 2026"),
        ("{order_items}", "2 × Coffee mug\n1 × Tea & honey"),
        ("{payment_url}", "https://shop.example/pay/501"),
        ("{site_name}, {site_url}", "Wool & Wire, https://shop.example"),
        ("{refund_amount}", "€5.00"),
        ("{tracking_number|soon}", "soon"),
        (#"\{order_number} costs \\{order_total}"#, #"{order_number} costs \{order_total}"#),
        ("{unsubscribe_url}", "{unsubscribe_url}"),
        ("A line  \n\n", "A line"),
    ])
    func `fills placeholders`(text: String, filled: String) throws {
        #expect(try fixture.text(text) == filled)
    }

    @Test func `writes money, numbers, dates and the house's words in the customer's language`() throws {
        var fixture = fixture
        fixture.order.total = Money(minorUnits: 12_500, currency: "KWD")
        #expect(try fixture.text("{order_total}") == "KWD\u{a0}12.500")
        fixture.order.total = Money(minorUnits: 1200, currency: "JPY")
        #expect(try fixture.text("{order_total}") == "¥1,200")
    }

    @Test func `speaks of the one refund that happened, or of all`() throws {
        var fixture = fixture
        fixture.order.refunds.append(Refund(externalID: "39", amount: Money(minorUnits: 700, currency: "EUR")))
        #expect(try fixture.text("{refund_amount}", .partialRefund(refundID: "39")) == "€7.00")
        #expect(try fixture.text("{refund_amount}", .status("refunded")) == "€12.00")
        fixture.order.refunds = []
        #expect(try fixture.text("{refund_amount}", .status("refunded")) == "€1,234.50")
    }

    @Test func `passes on the shop's note`() throws {
        #expect(try fixture.text("{note}", .note(noteID: "9", text: "Ring twice")) == "Ring twice")
    }

    @Test func `speaks of the status that was reached, though the order moved on`() throws {
        var fixture = fixture
        fixture.order.status = "completed"
        #expect(try fixture.text("{order_status}", .status("on-hold")) == "On hold")
        #expect(try fixture.text("{order_status}", .status("my-own")) == "My own")
    }

    @Test func `shortens a long list of items`() throws {
        var fixture = fixture
        fixture.order.items = (1...25).map {
            OrderItem(name: "Thing \($0)", quantity: 1, total: Money(minorUnits: 1, currency: "EUR"))
        }
        fixture.rules(Rule(id: "r", status: "processing", text: "{order_items}"))
        let draft = try #require(try fixture.drafts(.status("processing")).first)
        let lines = try #require(draft.content.text).split(separator: "\n")
        #expect(lines.count == 20)
        #expect(lines.last == "and 6 more")
        #expect(draft.notes == [TrailNote("items_shortened", ["shown": "19", "count": "25"])])
    }

    @Test func `names as many whole items as a text has room for`() throws {
        var fixture = fixture
        fixture.order.items = (1...12).map {
            OrderItem(
                name: "\($0) " + String(repeating: "x", count: 600), quantity: 1,
                total: Money(minorUnits: 1, currency: "EUR"))
        }
        let text = try #require(try fixture.text("{order_items} = {order_items}"))
        #expect(text.count <= 4096)
        let halves = text.split(separator: " = ")
        #expect(halves.count == 2 && halves[0] == halves[1])
        let lines = halves[0].split(separator: "\n")
        #expect(lines.last == "and 9 more")
        #expect(lines.dropLast().allSatisfy { $0.hasSuffix(String(repeating: "x", count: 600)) })
    }

    @Test func `cuts a name only where it alone is too long`() throws {
        var fixture = fixture
        fixture.order.items = ["y", "z"].map {
            OrderItem(
                name: String(repeating: $0, count: 9000), quantity: 1, total: Money(minorUnits: 1, currency: "EUR"))
        }
        let text = try #require(try fixture.text("You ordered {order_items}."))
        #expect(text.count == 4096)
        #expect(text.hasPrefix("You ordered 1 × yyy"))
        #expect(text.hasSuffix("y…\nand 1 more."))
    }

    @Test func `tells of one parcel more by its own number`() throws {
        var fixture = fixture
        fixture.order.trackingNumber = "A1, A2"
        #expect(try fixture.text("{tracking_number}", .shipped) == "A1, A2")
        #expect(try fixture.text("{tracking_number}", .parcel(number: "A2")) == "A2")
    }

    @Test func `notes what had no value, but for what has a fallback`() throws {
        fixture.rules(
            Rule(id: "a", status: "shipped", text: "{tracking_url} {tracking_number|soon} {note} {tracking_url}"))
        #expect(
            try fixture.drafts(.shipped).first?.notes == [
                TrailNote("placeholder_empty", ["placeholder": "{note}"]),
                TrailNote("placeholder_empty", ["placeholder": "{tracking_url}"]),
            ])
    }

    @Test(arguments: RuleSet.standard.rules)
    func `has words of its own for every moment`(rule: Rule) throws {
        var fixture = fixture
        fixture.order.status = rule.status
        fixture.order.trackingNumber = "FX 42"
        fixture.order.trackingURL = "https://parcels.example/42"
        var rule = rule
        rule.isOn = true
        fixture.rules(rule)
        let kind: OrderEvent.Kind =
            switch rule.status {
            case "placed": .placed
            case "paid": .paid
            case "shipped": .shipped
            case "partial_refund": .partialRefund(refundID: "38")
            case "customer_note": .note(noteID: "1", text: "Ring twice")
            default: .status(rule.status)
            }
        let draft = try #require(try fixture.drafts(kind).first)
        let text = try #require(draft.content.text)
        #expect(draft.notes.isEmpty)
        #expect(text.contains("2026-501"))
        #expect(!text.contains("{") && !text.contains("}"))
        #expect(text.count > 30)
    }

    @Test func `sends no message whose rule has a template alone as free text`() throws {
        fixture.rules(Rule(id: "a", status: "processing", template: RuleTemplate(name: "t")))
        let content = try #require(try fixture.drafts(.status("processing")).first?.content)
        #expect(content.text == nil)
        #expect(content.template?.name == "t")
    }
}
