import Domain
import Text

/// Reads a customer's account as WooCommerce's REST API v3 writes it.
enum CustomerPayload {
    /// - Throws: where the id or the time of the last change is missing.
    static func customer(_ json: JSON, shop: String) throws(JSONError) -> ShopCustomer {
        let id = try json.shopID()
        let billing = json["billing"]
        let shipping = json["shipping"]
        // An account that was never changed has no time of change.
        let isUnchanged = try json["date_modified_gmt"].shopTimeOrNil() == nil
        let changed = try json[isUnchanged ? "date_created_gmt" : "date_modified_gmt"].shopTime()
        return ShopCustomer(
            shop: shop, externalID: id, updatedAt: changed,
            firstName: json["first_name"].shopText ?? billing["first_name"].shopText ?? "",
            lastName: json["last_name"].shopText ?? billing["last_name"].shopText ?? "",
            email: json["email"].shopText ?? billing["email"].shopText,
            phone: billing["phone"].shopText ?? shipping["phone"].shopText ?? "",
            country: billing["country"].shopText, shippingCountry: shipping["country"].shopText,
            locale: OrderMeta(json["meta_data"]).locale)
    }
}
