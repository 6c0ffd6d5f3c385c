import Core
import Database
import Domain
import HTTP
import SQL
import Store
import Text

/// `coupons`: what shops told of their coupons and how far they are used up.
struct CouponsResource: APIResource {
    let host: Host

    private static let filters = [
        Endpoint.QueryParameter("code", .text, "The coupon of this code, in capitals or not.")
    ]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/coupons", .scope(.read), "listCoupons", "Coupons, the latest known first.",
                query: ListQuery.parameters + Self.filters, gives: [.list(of: "Coupon")], handler: list),
            Endpoint(
                .get, "/coupons/{id}", .scope(.read), "getCoupon", "One coupon, removed or not.",
                gives: [.done(.reference("Coupon"))], handler: one),
        ]
    }

    private func list(_ request: Request, _ context: Context) throws -> Response {
        let query = try ListQuery(request, filters: Self.filters)
        try query.finish()
        return try host.database.read { tx in
            try CouponsTable.page(query.page, code: query.text("code"), in: tx)
        }.response(CouponJSON.write)
    }

    private func one(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        guard let coupon = try host.database.read({ tx in try CouponsTable.find(id, in: tx) }) else {
            throw Refusal.notFound
        }
        return .json(JSONWriter.object { json in CouponJSON.write(coupon, &json) })
    }
}

/// A coupon as the API writes it.
enum CouponJSON {
    static let schema = Schema.object([
        .required("id", .id), .required("external_id", .text), .required("shop", .text), .required("code", .text),
        .required("type", .text), .required("amount", .text), .required("usage_count", .integer),
        .required("usage_limit", .nullable(.integer)), .required("expires_at", .nullable(.time)),
        .required("email_restrictions", .integer), .required("status", .text), .required("removed", .flag),
        .required("updated_at", .time),
    ])

    static func write(_ stored: StoredCoupon, _ json: inout JSONWriter) {
        let coupon = stored.coupon
        json.field("id", stored.id)
        json.field("external_id", coupon.externalID)
        json.field("shop", coupon.shop)
        json.field("code", coupon.code)
        json.field("type", coupon.type)
        json.field("amount", coupon.amount)
        json.field("usage_count", coupon.usageCount)
        json.field("usage_limit", coupon.usageLimit)
        json.field("expires_at", coupon.expiresAt)
        json.field("email_restrictions", coupon.emailRestrictions)
        json.field("status", coupon.status)
        json.field("removed", stored.isRemoved)
        json.field("updated_at", coupon.updatedAt)
    }
}
