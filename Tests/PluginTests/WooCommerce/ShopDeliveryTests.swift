import Core
import Domain
import PluginKit
import TestSupport
import Testing
import WooCommerce

/// What deliveries say, read from bodies that lie in this repository.
@Suite struct `A delivery of WooCommerce` {
    private let read: @Sendable (Delivery) -> DeliveryMeaning

    init() throws {
        let parts = try WooCommercePlugin().parts(PluginContextDouble().context)
        let reader = try #require(parts.deliveryReaders.first)
        #expect(reader.endpoint == "woocommerce")
        read = reader.read
    }

    @Test(arguments: ["010-order.created", "011-order.updated"])
    func `becomes an order with everything that messages need`(name: String) throws {
        let order = try order(name)
        #expect(
            order
                == Order(
                    shop: "woocommerce", externalID: "501", number: "501", status: "processing",
                    createdAt: try time("2026-11-20T08:15:00Z"), updatedAt: try time("2026-11-20T08:15:07Z"),
                    total: Money(minorUnits: 2630, currency: "USD"), paymentMethod: "cod",
                    paymentMethodTitle: "Cash on delivery", shippingMethod: "flat_rate",
                    customer: OrderCustomer(
                        firstName: "Zoë", lastName: "O’Neill", email: "zoe@example.com", phone: "(202) 555-0143",
                        country: "US", shippingCountry: "US"),
                    items: [
                        OrderItem(
                            name: "Coffee mug", quantity: 2, total: Money(minorUnits: 1250, currency: "USD"),
                            productID: "11"),
                        OrderItem(
                            name: "Tea & honey “Señor Ñandú” ☕", quantity: 1,
                            total: Money(minorUnits: 890, currency: "USD"), productID: "12"),
                    ],
                    paymentURL: "https://shop.example/checkout/order-pay/501/?key=wc_order_fixture501",
                    key: "wc_order_fixture501"))
    }

    @Test func `keeps refunds, parcel, language and the customer behind the shipping address`() throws {
        let order = try order("020-order.updated")
        #expect(order.externalID == "502")
        #expect(order.number == "2026-0502")
        #expect(order.total == Money(minorUnits: 12_500, currency: "KWD"))
        #expect(
            order.refunds == [
                Refund(externalID: "39", amount: Money(minorUnits: 2500, currency: "KWD")),
                Refund(externalID: "38", amount: Money(minorUnits: 1000, currency: "KWD"), reason: "broken lid"),
            ])
        #expect(order.trackingNumber == "OLD-1, FX0042")
        #expect(order.trackingURL == "https://parcels.example/FX0042")
        #expect(order.locale == "pt-BR")
        #expect(
            order.customer
                == OrderCustomer(
                    externalID: "7", firstName: "Noor", lastName: "Hale", phone: "0491 570 006", country: "AU",
                    shippingCountry: "AU"))
    }

    @Test func `takes a parcel number but no link that is not one`() throws {
        let order = try order("030-order.created")
        #expect(order.total == Money(minorUnits: 1200, currency: "JPY"))
        #expect(order.trackingNumber == "77-1")
        #expect(order.trackingURL == nil)
        #expect(order.locale == "ja-JP")
        #expect(order.paymentMethod == nil)
        #expect(order.shippingMethod == nil)
    }

    @Test func `gives a trashed order to the host, who knows whether it had it`() throws {
        #expect(try order("041-order.created").status == "trash")
    }

    @Test func `brings a restored order back before its state`() throws {
        let order = try order("020-order.updated")
        #expect(
            try meaning("021-order.restored")
                == .effects([.orderRestored(shop: "woocommerce", externalID: "502"), .order(order)]))
    }

    @Test func `removes a deleted order`() throws {
        #expect(
            try meaning("050-order.deleted") == .effects([.orderRemoved(shop: "woocommerce", externalID: "502")]))
    }

    @Test func `keeps what nobody has to do anything about`() throws {
        #expect(try meaning("040-order.updated") == .kept("delivery.draft_order"))
        #expect(meaning(of: Array("{}".utf8), topic: "product.published") == .kept("delivery.no_worker"))
        #expect(meaning(of: Array("{}".utf8), topic: "order.updated.twice") == .kept("delivery.no_worker"))
    }

    @Test func `becomes a coupon with its use`() throws {
        let coupon = ShopCoupon(
            shop: "woocommerce", externalID: "23", updatedAt: try time("2026-11-20T08:43:51Z"), code: "welcome10",
            type: "percent", amount: "10.00", usageCount: 3, usageLimit: 25,
            expiresAt: try time("2026-12-24T23:59:59Z"), emailRestrictions: 2)
        #expect(try meaning("070-coupon.created") == .effects([.coupon(coupon)]))
    }

    @Test func `becomes a customer, with the phone as typed`() throws {
        let customer = ShopCustomer(
            shop: "woocommerce", externalID: "7", updatedAt: try time("2026-11-20T08:50:30Z"), firstName: "Noor",
            lastName: "Hale", email: "noor@example.com", phone: "0491 570 006", country: "AU", shippingCountry: "AU",
            locale: "pt-BR")
        #expect(try meaning("071-customer.updated") == .effects([.customer(customer)]))
    }

    @Test func `becomes a product with its first image, in the shop's currency`() throws {
        let product = ShopProduct(
            shop: "woocommerce", externalID: "12", updatedAt: try time("2026-11-20T08:48:21Z"), name: "Tea & honey",
            permalink: "https://shop.example/product/tea-honey/", imageURL: "https://shop.example/images/tea.jpg",
            price: Money(minorUnits: 890, currency: "USD"), stockQuantity: 14)
        #expect(try meaning("072-product.updated") == .effects([.product(product)]))
    }

    @Test func `becomes a variation with its own image, and no price where there is none`() throws {
        let body = """
            {"id":13,"parent_id":12,"name":"Tea - large","date_modified_gmt":"2026-11-20T08:48:21","price":"",
            "image":{"id":3,"src":"https://shop.example/large.jpg"},"images":[],"permalink":"javascript:alert(1)",
            "stock_status":"outofstock","stock_quantity":null,"status":"private"}
            """
        let product = ShopProduct(
            shop: "woocommerce", externalID: "13", parentID: "12", updatedAt: try time("2026-11-20T08:48:21Z"),
            name: "Tea - large", imageURL: "https://shop.example/large.jpg", stockStatus: "outofstock",
            status: "private")
        #expect(meaning(of: Array(body.utf8), topic: "product.restored") == .effects([.product(product)]))
    }

    @Test func `takes a customer who was never changed by the day of the account`() throws {
        let body =
            #"{"id":9,"date_created_gmt":"2026-11-20T08:00:00","date_modified_gmt":null,"email":"a@example.com"}"#
        let customer = ShopCustomer(
            shop: "woocommerce", externalID: "9", updatedAt: try time("2026-11-20T08:00:00Z"), email: "a@example.com")
        #expect(meaning(of: Array(body.utf8), topic: "customer.created") == .effects([.customer(customer)]))
    }

    @Test(arguments: [
        ("customer.deleted", DeliveryEffect.customerRemoved(shop: "woocommerce", externalID: "7")),
        ("coupon.deleted", .couponRemoved(shop: "woocommerce", externalID: "7")),
        ("product.deleted", .productRemoved(shop: "woocommerce", externalID: "7")),
    ])
    func `removes what the shop deleted`(topic: String, effect: DeliveryEffect) {
        #expect(meaning(of: Array(#"{"id":7}"#.utf8), topic: topic) == .effects([effect]))
        guard case .unreadable = meaning(of: Array(#"{"id":7,"name":"x"}"#.utf8), topic: topic) else {
            Issue.record("a whole body was believed to be a deletion")
            return
        }
    }

    @Test(arguments: [
        ("customer.updated", "delivery.not_a_customer", "customer.id: expected text or a number"),
        ("coupon.updated", "delivery.not_a_coupon", "coupon.id: expected text or a number"),
        ("product.updated", "delivery.not_a_product", "product.id: expected text or a number"),
    ])
    func `says what it should have been`(topic: String, word: String, detail: String) {
        #expect(meaning(of: Array("{}".utf8), topic: topic) == .unreadable(word, detail: detail))
    }

    @Test func `shows a signed REST error by its code`() throws {
        #expect(
            try meaning("060-order.updated")
                == .unreadable("delivery.rest_error", detail: "woocommerce_rest_shop_order_invalid_id"))
    }

    /// The topic stands outside the signature.
    @Test func `does not delete an order because somebody renamed the topic of its update`() throws {
        let replay = try #require(WooCommerceReplay.fixture("011-order.updated"))
        #expect(
            meaning(of: replay.body, topic: "order.deleted")
                == .unreadable("delivery.not_an_order", detail: "order: expected nothing but the id"))
    }

    @Test(arguments: [
        ("not json", "delivery.not_json", "order: "),
        ("{}", "delivery.not_an_order", "order.id: expected text or a number"),
        ("[]", "delivery.not_an_order", "order.id: "),
        (#"{"id":"seven"}"#, "delivery.not_an_order", "order.id: expected a whole number"),
        (#"{"id":7,"status":"processing"}"#, "delivery.not_an_order", "order.currency: expected text"),
        (
            #"{"id":7,"status":"processing","currency":"EUR","total":"1,50","date_modified_gmt":"2026-11-20T08:15:07"}"#,
            "delivery.not_an_order", "order.total: expected an amount"
        ),
        (
            #"{"id":7,"status":"processing","currency":"EUR","total":"1.50","date_modified_gmt":"yesterday"}"#,
            "delivery.not_an_order", "order.date_modified_gmt: expected a time"
        ),
        (
            #"{"id":7,"status":"processing","currency":"EUR","total":"1.50"}"#, "delivery.not_an_order",
            "order.date_modified_gmt: expected a time"
        ),
        (
            #"{"id":7,"status":"paid","currency":"EUR","total":"1","date_modified_gmt":"2026-11-20T08:15:07","refunds":[{"id":1,"total":null}]}"#,
            "delivery.not_an_order", "order.refunds[0].total: expected text or a number"
        ),
    ])
    func `names the place where it is no order`(body: String, word: String, detail: String) throws {
        guard case .unreadable(let found, let place) = meaning(of: Array(body.utf8), topic: "order.updated") else {
            Issue.record("it was read")
            return
        }
        #expect(found == word)
        #expect(place.hasPrefix(detail), "\(place)")
    }

    @Test func `needs only what an order cannot be without`() throws {
        let body =
            #"{"id":7,"status":"wc-packed","currency":"EUR","total":1.5,"date_modified_gmt":"2026-11-20T08:15:07"}"#
        let changed = try time("2026-11-20T08:15:07Z")
        #expect(
            meaning(of: Array(body.utf8), topic: "order.updated")
                == .effects([
                    .order(
                        Order(
                            shop: "woocommerce", externalID: "7", number: "7", status: "packed", createdAt: changed,
                            updatedAt: changed, total: Money(minorUnits: 150, currency: "EUR"),
                            customer: OrderCustomer(firstName: "", lastName: "", phone: "")))
                ]))
    }

    private func order(_ name: String) throws -> Order {
        guard case .effects(let effects) = try meaning(name), case .order(let order)? = effects.last else {
            throw NotAnOrder(name: name)
        }
        return order
    }

    private struct NotAnOrder: Error { let name: String }

    private func meaning(_ name: String) throws -> DeliveryMeaning {
        let replay = try #require(WooCommerceReplay.fixture(name))
        return meaning(of: replay.body, topic: replay.topic)
    }

    private func meaning(of body: [UInt8], topic: String) -> DeliveryMeaning {
        read(
            Delivery(
                id: ID(1), endpoint: "woocommerce", topic: topic, receivedAt: Timestamp(seconds: 0), body: body,
                lane: nil))
    }

    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }
}
