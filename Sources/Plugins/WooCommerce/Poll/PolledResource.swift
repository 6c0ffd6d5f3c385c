import Core
import PluginKit
import Text

/// Something that the shop is asked for regularly. Another one is a line in `all`.
struct PolledResource: Sendable {
    /// How what is new is found.
    enum Order: Sendable {
        /// By the time of the last change, the oldest first.
        case modified
        /// By the time when it was made, the newest first, down to what is known: of customers the REST API tells
        /// changes by no other means than webhooks.
        case registered
    }

    /// Below `/wc/v3/`; also the cursor's name.
    let path: String
    let thing: ShopTopic.Thing
    let order: Order
    /// The first turn begins with all there is, and not with what is new.
    var isReadWhole = false

    static let orders = PolledResource(path: "orders", thing: .order, order: .modified)

    /// Orders first: everything else can wait.
    static let all = [
        orders,
        PolledResource(path: "customers", thing: .customer, order: .registered),
        PolledResource(path: "coupons", thing: .coupon, order: .modified),
        PolledResource(path: "products", thing: .product, order: .modified, isReadWhole: true),
    ]

    /// What a row means, for the host.
    /// - Parameters:
    ///   - currency: the shop's.
    ///   - arrival: made before the shop was asked.
    func told(_ row: JSON, currency: String, arrival: ID) -> ToldByShop {
        let topic = ShopTopic.polled(thing)
        var body = JSONWriter()
        body.value(row)
        return ToldByShop(
            endpoint: ShopWebhook.endpoint, topic: topic.text, body: body.bytes,
            meaning: ShopDelivery.meaning(row, topic, currency: currency), arrival: arrival)
    }

    /// The time by which the walk goes; nil for a row that has none.
    func time(of row: JSON) -> Timestamp? {
        let name = order == .modified ? "date_modified_gmt" : "date_created_gmt"
        return row[name].string.flatMap { Timestamp(rfc3339: $0) }
    }
}
