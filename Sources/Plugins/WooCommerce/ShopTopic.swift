import Core
import Domain
import PluginKit
import Text

/// What a webhook of WooCommerce speaks of: `order.updated`, `coupon.deleted`.
struct ShopTopic {
    enum Thing: String {
        case order, customer, coupon, product
    }

    enum Change: String {
        case created, updated, restored, deleted
    }

    let thing: Thing
    let change: Change

    /// Nil for a topic that nobody here works.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let thing = Thing(rawValue: String(parts[0])),
            let change = Change(rawValue: String(parts[1]))
        else { return nil }
        self.thing = thing
        self.change = change
    }

    /// Deliveries about one thing are worked one after the other.
    func lane(id: String) -> String { "\(thing.rawValue):\(id.prefix(40))" }

    /// What is said of a body that is validly signed and not what the topic promises.
    var mismatch: String {
        switch thing {
        case .order: "delivery.not_an_order"
        case .customer: "delivery.not_a_customer"
        case .coupon: "delivery.not_a_coupon"
        case .product: "delivery.not_a_product"
        }
    }
}
