import Core
import Domain
import Text

/// Reads a product, or a variation of one, as WooCommerce's REST API v3 writes it.
enum ProductPayload {
    /// - Parameter currency: the shop's; products name none of their own.
    /// - Throws: where the id, the name or the time of the last change is missing.
    static func product(_ json: JSON, shop: String, currency: String) throws(JSONError) -> ShopProduct {
        ShopProduct(
            shop: shop, externalID: try json.shopID(), parentID: json["parent_id"].shopReference,
            updatedAt: try json["date_modified_gmt"].shopTime(),
            name: HTMLEntities.decoded(try json["name"].expectString()), permalink: json["permalink"].shopLink,
            // A product has a list of images, a variation has one.
            imageURL: json["images"].array?.lazy.compactMap { $0["src"].shopLink }.first
                ?? json["image"]["src"].shopLink,
            price: json["price"].shopText.flatMap { Money(amount: $0, currency: currency) },
            stockStatus: json["stock_status"].shopText ?? "instock", stockQuantity: json["stock_quantity"].int,
            status: json["status"].shopText ?? "publish")
    }
}
