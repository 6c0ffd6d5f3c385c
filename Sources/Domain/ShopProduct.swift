package import Core

/// A product, or one variation of it, as the shop tells it.
package struct ShopProduct: Sendable, Equatable {
    package var shop: String
    package var externalID: String
    /// Of a variation: the shop's id of the product.
    package var parentID: String?
    /// The shop's time of the last change. An older one never overwrites a newer.
    package var updatedAt: Timestamp
    package var name: String
    /// Its page in the shop.
    package var permalink: String?
    /// The first image; of a variation its own.
    package var imageURL: String?
    /// Nil where the shop names none, as of a product that is sold in variations.
    package var price: Money?
    /// WooCommerce's word: `instock`, `outofstock`, `onbackorder`.
    package var stockStatus: String
    /// Nil where the shop does not count it.
    package var stockQuantity: Int?
    /// WordPress's word: `publish`, `draft`, `private`, `trash`.
    package var status: String

    package init(
        shop: String, externalID: String, parentID: String? = nil, updatedAt: Timestamp, name: String,
        permalink: String? = nil, imageURL: String? = nil, price: Money? = nil, stockStatus: String = "instock",
        stockQuantity: Int? = nil, status: String = "publish"
    ) {
        self.shop = shop
        self.externalID = externalID
        self.parentID = parentID
        self.updatedAt = updatedAt
        self.name = name
        self.permalink = permalink
        self.imageURL = imageURL
        self.price = price
        self.stockStatus = stockStatus
        self.stockQuantity = stockQuantity
        self.status = status
    }

    /// In the bin of the shop.
    package var isTrashed: Bool { status == "trash" }
}
