import Core
import Domain
import Text

/// Reads an order as WooCommerce's REST API v3 writes it. Needs only what an order cannot be without; fields that it
/// does not know are nobody's business.
enum OrderPayload {
    static func order(_ json: JSON, shop: String) throws(JSONError) -> Order {
        let id = try json.shopID()
        let currency = try json["currency"].expectString()
        let created = try json["date_created_gmt"].shopTimeOrNil()
        let changed = try json["date_modified_gmt"].shopTime()
        let meta = OrderMeta(json["meta_data"])
        var order = Order(
            shop: shop, externalID: id, number: json["number"].shopText ?? id, status: try status(json),
            createdAt: created ?? changed, updatedAt: changed,
            total: try money(json["total"], currency), paymentMethod: json["payment_method"].shopText,
            paymentMethodTitle: json["payment_method_title"].shopText.map(HTMLEntities.decoded),
            shippingMethod: json["shipping_lines"].array?.compactMap { $0["method_id"].shopText }.first,
            customer: customer(json), items: try items(json["line_items"], currency),
            refunds: try refunds(json["refunds"], currency), paymentURL: json["payment_url"].shopText,
            trackingURL: meta.parcels.url, trackingNumber: meta.parcels.numberText, key: json["order_key"].shopText,
            locale: meta.locale)
        order.keepsParcels = meta.hasFulfilments
        return order
    }

    /// What a checkout leaves behind before it is an order; it may lack the rest of one.
    static func isDraft(_ json: JSON) -> Bool {
        ["checkout-draft", "auto-draft", "draft"].contains(json["status"].string)
    }

    private static func status(_ json: JSON) throws(JSONError) -> String {
        let status = try json["status"].expectString()
        return status.hasPrefix("wc-") ? String(status.dropFirst(3)) : status
    }

    private static func customer(_ json: JSON) -> OrderCustomer {
        let billing = json["billing"]
        let shipping = json["shipping"]
        return OrderCustomer(
            externalID: json["customer_id"].shopReference,
            firstName: billing["first_name"].shopText ?? shipping["first_name"].shopText ?? "",
            lastName: billing["last_name"].shopText ?? shipping["last_name"].shopText ?? "",
            email: billing["email"].shopText, phone: billing["phone"].shopText ?? shipping["phone"].shopText ?? "",
            country: billing["country"].shopText, shippingCountry: shipping["country"].shopText)
    }

    private static func items(_ json: JSON, _ currency: String) throws(JSONError) -> [OrderItem] {
        try (json.array ?? []).map { line throws(JSONError) in
            OrderItem(
                name: HTMLEntities.decoded(line["name"].string ?? ""), quantity: quantity(line["quantity"]),
                total: try money(line["total"], currency), productID: line["product_id"].shopReference,
                variationID: line["variation_id"].shopReference)
        }
    }

    /// Plugins that sell by weight make it a fraction; there the next whole number is said.
    private static func quantity(_ json: JSON) -> Int {
        if let count = json.int { return count }
        let number = json.double ?? json.string.flatMap { Double($0) } ?? 1
        return number.magnitude < 1_000_000_000 ? Int(number.rounded(.up)) : 1
    }

    /// Their totals are negative.
    private static func refunds(_ json: JSON, _ currency: String) throws(JSONError) -> [Refund] {
        try (json.array ?? []).map { refund throws(JSONError) in
            var amount = try money(refund["total"], currency)
            if amount.minorUnits < 0 { amount.minorUnits = -amount.minorUnits }
            return Refund(externalID: try refund.shopID(), amount: amount, reason: refund["reason"].shopText)
        }
    }

    private static func money(_ json: JSON, _ currency: String) throws(JSONError) -> Money {
        guard let money = Money(amount: try json.expectStringOrNumber(), currency: currency) else {
            throw json.unexpected("expected an amount")
        }
        return money
    }
}
