package import Core

/// An order as any shop tells it; what Cartwright keeps of it.
package struct Order: Sendable, Equatable {
    /// Which shop: `woocommerce`, `demo`, or the name an API client gives.
    package var shop: String
    /// The shop's own id; with `shop` it is unique.
    package var externalID: String
    package var number: String
    /// A WooCommerce status without `wc-`; custom ones are kept as they come.
    package var status: String
    package var createdAt: Timestamp
    /// The shop's time of the last change, whole seconds in WooCommerce. An older one never overwrites a newer.
    package var updatedAt: Timestamp
    package var total: Money
    /// The shop's code of the way of paying (`cod`, `bacs`), which rules ask for.
    package var paymentMethod: String?
    /// The same as the shop's customers read it (`Cash on delivery`).
    package var paymentMethodTitle: String?
    package var shippingMethod: String?
    package var customer: OrderCustomer
    package var items: [OrderItem]
    package var refunds: [Refund]
    package var paymentURL: String?
    /// Where the newest parcel is followed.
    package var trackingURL: String?
    /// Those of several parcels behind each other, with commas between; the newest last.
    package var trackingNumber: String?
    /// The shop keeps its parcels beside the order: where the order tells none, those already known stay. Never
    /// stored.
    package var keepsParcels = false
    /// The shop's secret word for this order; a consent that names the order must know it.
    package var key: String?
    /// The ISO 639 language the customer shopped in (`pt-BR`, `de`), when the shop tells.
    package var locale: String?

    package init(
        shop: String, externalID: String, number: String, status: String, createdAt: Timestamp, updatedAt: Timestamp,
        total: Money, paymentMethod: String? = nil, paymentMethodTitle: String? = nil, shippingMethod: String? = nil,
        customer: OrderCustomer,
        items: [OrderItem] = [], refunds: [Refund] = [], paymentURL: String? = nil, trackingURL: String? = nil,
        trackingNumber: String? = nil, key: String? = nil, locale: String? = nil
    ) {
        self.shop = shop
        self.externalID = externalID
        self.number = number
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.total = total
        self.paymentMethod = paymentMethod
        self.paymentMethodTitle = paymentMethodTitle
        self.shippingMethod = shippingMethod
        self.customer = customer
        self.items = items
        self.refunds = refunds
        self.paymentURL = paymentURL
        self.trackingURL = trackingURL
        self.trackingNumber = trackingNumber
        self.key = key
        self.locale = locale
    }
}

extension Order {
    /// One of each parcel.
    package var trackingNumbers: [String] {
        (trackingNumber ?? "").split(separator: ",").map { number in
            String(number.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }.filter { !$0.isEmpty }
    }
}

/// Who ordered, as typed at the checkout.
package struct OrderCustomer: Sendable, Equatable {
    /// The shop's id of the customer; nil for a guest.
    package var externalID: String?
    package var firstName: String
    package var lastName: String
    package var email: String?
    /// Exactly as typed, often national: the billing phone, or where there is none the shipping phone.
    package var phone: String
    /// ISO 3166 alpha-2 of the billing address; a national phone is read by it first.
    package var country: String?
    /// ISO 3166 alpha-2 of the shipping address; tried second.
    package var shippingCountry: String?

    package init(
        externalID: String? = nil, firstName: String, lastName: String, email: String? = nil, phone: String,
        country: String? = nil, shippingCountry: String? = nil
    ) {
        self.externalID = externalID
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.phone = phone
        self.country = country
        self.shippingCountry = shippingCountry
    }
}

package struct OrderItem: Sendable, Equatable {
    package var name: String
    package var quantity: Int
    package var total: Money
    /// The shop's id of the product; nil where it does not tell.
    package var productID: String?
    /// The shop's id of the variation, where the product is sold in variations.
    package var variationID: String?

    package init(
        name: String, quantity: Int, total: Money, productID: String? = nil, variationID: String? = nil
    ) {
        self.name = name
        self.quantity = quantity
        self.total = total
        self.productID = productID
        self.variationID = variationID
    }
}

/// Money that went back, wholly or in part; notified once per refund id.
package struct Refund: Sendable, Equatable {
    package var externalID: String
    /// Positive.
    package var amount: Money
    package var reason: String?

    package init(externalID: String, amount: Money, reason: String? = nil) {
        self.externalID = externalID
        self.amount = amount
        self.reason = reason
    }
}

/// An order in our table: our id, and the person it belongs to.
package struct StoredOrder: Sendable, Equatable {
    package var id: ID
    package var contactID: ID?
    /// Nil when the phone can be messaged, else a `PhoneProblem` id (`phone.tooShort`).
    package var phoneProblem: String?
    package var isRemoved: Bool
    package var firstSeenAt: Timestamp
    package var order: Order

    package init(
        id: ID, contactID: ID?, phoneProblem: String?, isRemoved: Bool, firstSeenAt: Timestamp, order: Order
    ) {
        self.id = id
        self.contactID = contactID
        self.phoneProblem = phoneProblem
        self.isRemoved = isRemoved
        self.firstSeenAt = firstSeenAt
        self.order = order
    }
}
