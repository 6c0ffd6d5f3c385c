package import Domain

/// Reads the stored webhooks of one endpoint. Pure: it tells what a delivery means, the host does it, in the same
/// transaction in which the delivery is closed.
package struct DeliveryReader: Sendable {
    package let endpoint: String
    package let read: @Sendable (Delivery) -> DeliveryMeaning

    package init(endpoint: String, read: @escaping @Sendable (Delivery) -> DeliveryMeaning) {
        self.endpoint = endpoint
        self.read = read
    }
}

package enum DeliveryMeaning: Sendable, Equatable {
    /// Something happened; an effect that fails does not lose its neighbours.
    case effects([DeliveryEffect])
    /// Nothing to do, with the word that says why (`delivery.draft_order`).
    case kept(String)
    /// Validly signed, but not what the topic promises; the word and the detail are shown.
    case unreadable(String, detail: String)
}

package enum DeliveryEffect: Sendable, Equatable {
    case order(Order)
    case orderRemoved(shop: String, externalID: String)
    case orderRestored(shop: String, externalID: String)
    /// The parcels of an order that is known; where it is not, nothing happens.
    case parcels(shop: String, externalID: String, numbers: [String], url: String?)
    case customer(ShopCustomer)
    /// The account is gone; the person may have orders, and stays.
    case customerRemoved(shop: String, externalID: String)
    case coupon(ShopCoupon)
    case couponRemoved(shop: String, externalID: String)
    case product(ShopProduct)
    case productRemoved(shop: String, externalID: String)
    /// The shop wrote to the order's customer; whether and how it is sent is for the rules to say.
    case orderNote(OrderNote)
    /// Work to be done outside: the plugin's own job, asked for in the transaction that closes the delivery.
    case job(kind: String, payload: String, dedupe: String?)
    case status(StatusUpdate)
    case received(InboundMessage)
    case preference(PreferenceChange)
    /// A change of a template, number or account that is kept as it came, by field name.
    case notice(field: String)
}
