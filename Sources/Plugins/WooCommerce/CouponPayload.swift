import Domain
import Text

/// Reads a coupon as WooCommerce's REST API v3 writes it.
enum CouponPayload {
    /// - Throws: where the id, the code or the time of the last change is missing.
    static func coupon(_ json: JSON, shop: String) throws(JSONError) -> ShopCoupon {
        ShopCoupon(
            shop: shop, externalID: try json.shopID(), updatedAt: try json["date_modified_gmt"].shopTime(),
            code: try json["code"].expectString().lowercased(), type: json["discount_type"].shopText ?? "fixed_cart",
            amount: json["amount"].shopText ?? "0", usageCount: json["usage_count"].int ?? 0,
            usageLimit: json["usage_limit"].int.flatMap { $0 > 0 ? $0 : nil },
            expiresAt: try json["date_expires_gmt"].shopTimeOrNil(),
            emailRestrictions: json["email_restrictions"].array?.count ?? 0,
            status: json["status"].shopText ?? "publish")
    }
}
