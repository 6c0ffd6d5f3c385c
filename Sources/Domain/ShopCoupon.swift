package import Core

/// A coupon as the shop tells it: what it gives, and how far it is used up.
package struct ShopCoupon: Sendable, Equatable {
    package var shop: String
    package var externalID: String
    /// The shop's time of the last change. An older one never overwrites a newer.
    package var updatedAt: Timestamp
    /// Lower case, as WooCommerce keeps it.
    package var code: String
    /// `percent`, `fixed_cart`, `fixed_product`, or what a plugin of the shop made up.
    package var type: String
    /// A decimal number: of per cent, or of the shop's currency.
    package var amount: String
    /// How often it was used.
    package var usageCount: Int
    /// How often it may be; nil for no limit.
    package var usageLimit: Int?
    package var expiresAt: Timestamp?
    /// To how many e-mail addresses it is bound; 0 for everybody. The addresses themselves are the shop's.
    package var emailRestrictions: Int
    /// WordPress's word: `publish`, `draft`, `trash`.
    package var status: String

    package init(
        shop: String, externalID: String, updatedAt: Timestamp, code: String, type: String, amount: String,
        usageCount: Int = 0, usageLimit: Int? = nil, expiresAt: Timestamp? = nil, emailRestrictions: Int = 0,
        status: String = "publish"
    ) {
        self.shop = shop
        self.externalID = externalID
        self.updatedAt = updatedAt
        self.code = code
        self.type = type
        self.amount = amount
        self.usageCount = usageCount
        self.usageLimit = usageLimit
        self.expiresAt = expiresAt
        self.emailRestrictions = emailRestrictions
        self.status = status
    }

    /// In the bin of the shop.
    package var isTrashed: Bool { status == "trash" }
}
