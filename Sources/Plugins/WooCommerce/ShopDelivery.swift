import Domain
import PluginKit
import Text

/// What a stored webhook of the shop means.
///
/// The topic is not covered by the signature, so the body has the last word: a deletion is `{"id":37}` and nothing
/// else, and whatever else claims to be one is not believed.
enum ShopDelivery {
    static let shop = "woocommerce"

    /// - Parameter currency: the shop's; products name none of their own.
    static func meaning(_ delivery: Delivery, currency: String) -> DeliveryMeaning {
        guard let topic = ShopTopic(delivery.topic) else { return .kept("delivery.no_worker") }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: delivery.body, name: topic.thing.rawValue)
        } catch {
            return .unreadable("delivery.not_json", detail: error.description)
        }
        return meaning(json, topic, currency: currency)
    }

    /// The same of what is read already.
    static func meaning(_ json: JSON, _ topic: ShopTopic, currency: String) -> DeliveryMeaning {
        // WooCommerce builds the body when it delivers: of an order deleted meanwhile, or inside a request whose
        // routes are not loaded, it signs and sends its REST error.
        if let code = json["code"].string, !json["id"].exists {
            return .unreadable("delivery.rest_error", detail: String(code.prefix(200)))
        }
        do throws(JSONError) {
            if topic.change == .deleted { return .effects([try removal(of: topic.thing, json)]) }
            return try change(json, topic, currency: currency)
        } catch {
            return .unreadable(topic.mismatch, detail: error.description)
        }
    }

    private static func removal(of thing: ShopTopic.Thing, _ json: JSON) throws(JSONError) -> DeliveryEffect {
        let id = try json.shopID()
        guard try json.expectObject().count == 1 else {
            throw JSONError(kind: .unexpected, path: json.path, message: "expected nothing but the id")
        }
        return switch thing {
        case .order: .orderRemoved(shop: shop, externalID: id)
        case .customer: .customerRemoved(shop: shop, externalID: id)
        case .coupon: .couponRemoved(shop: shop, externalID: id)
        case .product: .productRemoved(shop: shop, externalID: id)
        }
    }

    /// The trash is a status like others here: the host knows whether it had the thing before.
    private static func change(
        _ json: JSON, _ topic: ShopTopic, currency: String
    ) throws(JSONError) -> DeliveryMeaning {
        switch topic.thing {
        case .order:
            if OrderPayload.isDraft(json) { return .kept("delivery.draft_order") }
            let order = try OrderPayload.order(json, shop: shop)
            let restored = DeliveryEffect.orderRestored(shop: shop, externalID: order.externalID)
            return .effects(topic.change == .restored ? [restored, .order(order)] : [.order(order)])
        case .customer: return .effects([.customer(try CustomerPayload.customer(json, shop: shop))])
        case .coupon: return .effects([.coupon(try CouponPayload.coupon(json, shop: shop))])
        case .product:
            return .effects([.product(try ProductPayload.product(json, shop: shop, currency: currency))])
        }
    }
}
