package import Core

/// A customer's account as the shop tells it: who it is, never what they agreed to.
package struct ShopCustomer: Sendable, Equatable {
    package var shop: String
    package var externalID: String
    /// The shop's time of the last change. An older one never overwrites a newer.
    package var updatedAt: Timestamp
    package var firstName: String
    package var lastName: String
    package var email: String?
    /// Exactly as typed: the billing phone, or where there is none the shipping phone; empty for none.
    package var phone: String
    /// ISO 3166 alpha-2 of the billing address; a national phone is read by it first.
    package var country: String?
    /// ISO 3166 alpha-2 of the shipping address; tried second.
    package var shippingCountry: String?
    /// BCP 47.
    package var locale: String?

    package init(
        shop: String, externalID: String, updatedAt: Timestamp, firstName: String = "", lastName: String = "",
        email: String? = nil, phone: String = "", country: String? = nil, shippingCountry: String? = nil,
        locale: String? = nil
    ) {
        self.shop = shop
        self.externalID = externalID
        self.updatedAt = updatedAt
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.phone = phone
        self.country = country
        self.shippingCountry = shippingCountry
        self.locale = locale
    }
}
