import Core
import Domain
import HTTP
import PluginKit
import TestSupport
import Testing
import WooCommerce

/// All that a real store sent: each delivery verified by its own secret and read to the values that stand in its body.
/// They lie beside the repository; a machine without them tests by the fixtures alone.
@Suite(.enabled(if: !WooCommerceReplay.recorded.isEmpty))
struct `A recorded delivery` {
    @Test(arguments: WooCommerceReplay.recorded)
    func `is verified by its secret and read to what it says`(replay: WooCommerceReplay) throws {
        let house = try PluginContextDouble()
        house.settings["woocommerce.webhook_secret"] = replay.secret ?? "any"
        let parts = try WooCommercePlugin().parts(house.context)
        let route = try #require(parts.routes.first)
        let response = try route.handler(replay.request, HandlerContext.of(house))
        #expect(response.status == 200)
        let expected = try #require(Self.expected[replay.name])
        guard expected != .ping else {
            #expect(house.deliveries.stored.isEmpty)
            return
        }
        let stored = try #require(house.deliveries.stored.first)
        let reader = try #require(parts.deliveryReaders.first)
        let meaning = reader.read(
            Delivery(
                id: ID(1), endpoint: stored.endpoint, topic: stored.topic, receivedAt: house.clock.now(),
                body: stored.body, lane: stored.lane))
        switch expected {
        case .ping: Issue.record("a ping is never stored")
        case .meaning(let other): #expect(meaning == other)
        case .customer, .coupon, .product:
            #expect(Self.facts(meaning) == expected)
            #expect(stored.lane == lane(expected))
        case .order(let facts):
            guard case .effects(let effects) = meaning, case .order(let order)? = effects.first else {
                Issue.record("it is not read as an order: \(meaning)")
                return
            }
            #expect(effects.count == 1)
            #expect(stored.lane == "order:\(facts.id)")
            #expect(OrderFacts(order) == facts)
        }
    }

    @Test func `is in the table, and the table knows no other`() {
        #expect(Set(WooCommerceReplay.recorded.map(\.name)) == Set(Self.expected.keys))
    }

    private enum Expected: Equatable {
        case ping
        case meaning(DeliveryMeaning)
        case order(OrderFacts)
        case customer(id: String, name: String, country: String, phoneEnd: String)
        case coupon(id: String, code: String, status: String, limit: Int?)
        case product(id: String, name: String, price: String)
    }

    /// What is not an order, as the table has it.
    private static func facts(_ meaning: DeliveryMeaning) -> Expected? {
        guard case .effects(let effects) = meaning, effects.count == 1 else { return nil }
        switch effects[0] {
        case .customer(let customer):
            return .customer(
                id: customer.externalID, name: customer.firstName + " " + customer.lastName,
                country: customer.country ?? "", phoneEnd: String(customer.phone.suffix(5)))
        case .coupon(let coupon):
            return .coupon(
                id: coupon.externalID, code: coupon.code, status: coupon.status, limit: coupon.usageLimit)
        case .product(let product):
            return .product(id: product.externalID, name: product.name, price: product.price?.amount ?? "")
        default: return nil
        }
    }

    private func lane(_ expected: Expected) -> String? {
        switch expected {
        case .customer(let id, _, _, _): "customer:" + id
        case .coupon(let id, _, _, _): "coupon:" + id
        case .product(let id, _, _): "product:" + id
        default: nil
        }
    }

    private static let mug = ["1 × Coffee mug 12.50"]
    private static let mugAndTea = mug + ["1 × Té verde «Señor Ñandú» 100 g 8.90"]
    private static let mugAndShirt = mug + ["1 × T-shirt - M 19.90"]
    private static let three = [
        "2 × Coffee mug 23.33", "1 × T-shirt - S 19.06", "3 × Té verde «Señor Ñandú» 100 g 24.21",
    ]

    private static let begona = OrderFacts(
        "22", "processing", "26.30", "Begoña Núñez Ibáñez", "ES", "56 78", mugAndTea, "08:41:59", "08:41:59")
    private static let first = OrderFacts(
        "32", "processing", "17.40", "Ουρανία Παπαδοπούλου", "ES", "45 67", mug, "08:46:14", "08:46:15")
    private static let second = OrderFacts(
        "33", "processing", "37.30", "Ουρανία Παπαδοπούλου", "ES", "45 67", mugAndShirt, "08:46:33", "08:46:33")
    private static let third = OrderFacts(
        "34", "processing", "37.30", "Ουρανία Παπαδοπούλου", "ES", "45 67", mugAndShirt, "08:46:45", "08:46:45")
    private static let coupon = OrderFacts(
        "36", "processing", "26.60", "Facturas O'Neill-Gómez", "ES", "11222",
        ["3 × Té verde «Señor Ñandú» 100 g 21.70"], "08:47:17", "08:47:17")
    private static let draft = OrderFacts(
        "48", "processing", "30.90", "Borrador Incompleto", "ES", "9 999", ["2 × Coffee mug 26.00"], "08:49:19",
        "08:49:20")

    private static func wang(_ status: String, _ changed: String, refunds: [String] = []) -> Expected {
        .order(
            OrderFacts(
                "37", status, "71.50", "王 小明", "TW", "5-678", three, "08:47:51", changed, payment: "bacs",
                refunds: refunds))
    }

    private static func mu(_ id: String, _ name: String, _ time: String) -> Expected {
        .order(
            OrderFacts(id, "processing", "17.90", "Mu \(name)", "ES", "56 78", ["1 × Coffee mug 13.00"], time, time))
    }

    private static let jurgen = Expected.customer(
        id: "2", name: "Jürgen Müßig-Łoś", country: "DE", phoneEnd: "56789")
    private static let noRoute = Expected.meaning(.unreadable("delivery.rest_error", detail: "rest_no_route"))
    private static let trashed = Expected.order(
        OrderFacts("81", "trash", "0.00", " ", nil, "", [], "09:11:08", "09:11:08", payment: nil, shipping: nil))

    private static func removed(_ id: String) -> Expected {
        .meaning(.effects([.orderRemoved(shop: "woocommerce", externalID: id)]))
    }

    private static let expected: [String: Expected] = [
        "001-ping": .ping,
        "010-order.created": .order(begona),
        "011-order.created": .order(begona),
        "012-order.updated": .order(begona),
        "013-coupon.created": .coupon(id: "23", code: "welcome10-abc123", status: "trash", limit: 1),
        "015-coupon.created": .coupon(id: "25", code: "x4", status: "publish", limit: nil),
        "019-customer.created": jurgen,
        "020-customer.updated": jurgen,
        "030-order.updated": .order(first),
        "032-order.created": .order(first),
        "033-order.updated": .order(second),
        "035-order.created": .order(second),
        "036-order.updated": .order(third),
        "038-order.created": .order(third),
        "044-order.updated": .order(coupon),
        "046-order.created": .order(coupon),
        "047-order.created": wang("pending", "08:47:51"),
        "048-order.updated": wang("pending", "08:47:51"),
        "049-order.updated": wang("processing", "08:47:52"),
        "050-order.updated": wang("on-hold", "08:47:54"),
        "051-order.updated": wang("completed", "08:47:56"),
        "052-order.updated": wang("cancelled", "08:47:57"),
        "053-order.updated": wang("failed", "08:47:59"),
        "054-order.updated": wang("pending", "08:48:00"),
        "055-order.updated": wang("completed", "08:48:02"),
        "056-order.updated": wang("completed", "08:48:04", refunds: ["38 12.50 cracked mug"]),
        "057-order.updated": wang("refunded", "08:48:05", refunds: wholly),
        "058-order.updated": wang("refunded", "08:48:08", refunds: wholly),
        "059-order.updated": wang("refunded", "08:48:10", refunds: wholly),
        "060-order.deleted": removed("37"),
        "066-product.updated": .product(id: "11", name: "Coffee mug", price: "13.00"),
        "074-order.updated": .order(draft),
        "075-order.created": .order(draft),
        "110-order.updated": mu("60", "Bloque", "08:59:09"),
        "111-order.created": mu("60", "Bloque", "08:59:09"),
        "112-order.created": mu("61", "Clásico", "08:59:13"),
        "113-order.updated": mu("61", "Clásico", "08:59:13"),
        "114-order.updated": mu("62", "Bloque", "08:59:21"),
        "115-order.created": mu("62", "Bloque", "08:59:21"),
        "116-order.created": mu("63", "Clásico", "08:59:26"),
        "117-order.updated": mu("63", "Clásico", "08:59:26"),
        "142-order.updated": noRoute,
        "143-order.created": noRoute,
        "150-order.created": trashed,
        "151-order.updated": trashed,
        "152-order.deleted": removed("81"),
        "155-order.updated": .order(begona.changed("09:11:51")),
        "156-order.updated": .order(begona.changed("09:12:58")),
    ]

    private static let wholly = ["39 59.00 Order fully refunded.", "38 12.50 cracked mug"]
}

/// What a recording is held against, short enough to read in a table. Of the phone only its end stands here.
private struct OrderFacts: Equatable {
    let id: String
    let status: String
    let total: String
    let name: String
    let country: String?
    let phoneEnd: String
    let items: [String]
    let created: String
    var updated: String
    let payment: String?
    let shipping: String?
    let refunds: [String]

    init(
        _ id: String, _ status: String, _ total: String, _ name: String, _ country: String?, _ phoneEnd: String,
        _ items: [String], _ created: String, _ updated: String, payment: String? = "cod",
        shipping: String? = "flat_rate", refunds: [String] = []
    ) {
        self.id = id
        self.status = status
        self.total = total + " EUR"
        self.name = name
        self.country = country
        self.phoneEnd = phoneEnd
        self.items = items
        self.created = "2026-11-20T\(created).000Z"
        self.updated = "2026-11-20T\(updated).000Z"
        self.payment = payment
        self.shipping = shipping
        self.refunds = refunds
    }

    init(_ order: Order) {
        id = order.externalID
        status = order.status
        total = "\(order.total.amount) \(order.total.currency)"
        name = order.customer.firstName + " " + order.customer.lastName
        country = order.customer.country
        phoneEnd = String(order.customer.phone.suffix(5))
        items = order.items.map { "\($0.quantity) × \($0.name) \($0.total.amount)" }
        created = order.createdAt.rfc3339
        updated = order.updatedAt.rfc3339
        payment = order.paymentMethod
        shipping = order.shippingMethod
        refunds = order.refunds.map { "\($0.externalID) \($0.amount.amount) \($0.reason ?? "")" }
    }

    func changed(_ time: String) -> OrderFacts {
        var facts = self
        facts.updated = "2026-11-20T\(time).000Z"
        return facts
    }
}
