import Domain
import PluginKit
import Text

/// What a stored webhook of the shop means.
///
/// The topic is not covered by the signature, so the body has the last word: a deletion is `{"id":37}` and nothing
/// else, and whatever else claims to be one is not believed.
enum OrderDelivery {
    static let shop = "woocommerce"

    static func meaning(_ delivery: Delivery) -> DeliveryMeaning {
        guard let topic = Topic(rawValue: delivery.topic) else { return .kept("delivery.no_worker") }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: delivery.body, name: "order")
        } catch {
            return .unreadable("delivery.not_json", detail: error.description)
        }
        // WooCommerce builds the body when it delivers: of an order deleted meanwhile, or inside a request whose
        // routes are not loaded, it signs and sends its REST error.
        if let code = json["code"].string, !json["id"].exists {
            return .unreadable("delivery.rest_error", detail: String(code.prefix(200)))
        }
        do throws(JSONError) {
            return topic == .deleted ? try deletion(json) : try change(json, isRestored: topic == .restored)
        } catch {
            return .unreadable("delivery.not_an_order", detail: error.description)
        }
    }

    private enum Topic: String {
        case created = "order.created"
        case updated = "order.updated"
        case restored = "order.restored"
        case deleted = "order.deleted"
    }

    private static func deletion(_ json: JSON) throws(JSONError) -> DeliveryMeaning {
        let id = try OrderPayload.id(json)
        guard try json.expectObject().count == 1 else {
            throw JSONError(kind: .unexpected, path: json.path, message: "expected nothing but the id")
        }
        return .effects([.orderRemoved(shop: shop, externalID: id)])
    }

    /// The trash is a status like others here: the host knows whether it had the order before.
    private static func change(_ json: JSON, isRestored: Bool) throws(JSONError) -> DeliveryMeaning {
        if OrderPayload.isDraft(json) { return .kept("delivery.draft_order") }
        let order = try OrderPayload.order(json, shop: shop)
        let restored = DeliveryEffect.orderRestored(shop: shop, externalID: order.externalID)
        return .effects(isRestored ? [restored, .order(order)] : [.order(order)])
    }
}
