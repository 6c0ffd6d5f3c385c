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
        /// Not told by a webhook, but given when it was asked for.
        case polled
    }

    let thing: Thing
    let change: Change

    /// Of a thing that was asked for: `poll.order`.
    static func polled(_ thing: Thing) -> ShopTopic { ShopTopic(thing: thing, change: .polled) }

    private init(thing: Thing, change: Change) {
        self.thing = thing
        self.change = change
    }

    /// Nil for a topic that nobody here works.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 2, parts[0] == Self.poll, let thing = Thing(rawValue: String(parts[1])) {
            self.init(thing: thing, change: .polled)
            return
        }
        guard parts.count == 2, let thing = Thing(rawValue: String(parts[0])),
            let change = Change(rawValue: String(parts[1])), change != .polled
        else { return nil }
        self.init(thing: thing, change: change)
    }

    var text: String { change == .polled ? "\(Self.poll).\(thing.rawValue)" : "\(thing.rawValue).\(change.rawValue)" }

    private static let poll = "poll"

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
