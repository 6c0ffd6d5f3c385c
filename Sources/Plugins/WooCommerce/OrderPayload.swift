import Core
import Domain
import Text

/// Reads an order as WooCommerce's REST API v3 writes it. Needs only what an order cannot be without; fields that it
/// does not know are nobody's business.
enum OrderPayload {
    static func order(_ json: JSON, shop: String) throws(JSONError) -> Order {
        let id = try id(json)
        let currency = try json["currency"].expectString()
        let created = try time(json["date_created_gmt"])
        guard let changed = try time(json["date_modified_gmt"]) else {
            throw unexpected(json["date_modified_gmt"], "expected a time")
        }
        let meta = OrderMeta(json["meta_data"])
        return Order(
            shop: shop, externalID: id, number: text(json["number"]) ?? id, status: try status(json),
            createdAt: created ?? changed, updatedAt: changed,
            total: try money(json["total"], currency), paymentMethod: text(json["payment_method"]),
            shippingMethod: json["shipping_lines"].array?.compactMap { text($0["method_id"]) }.first,
            customer: customer(json), items: try items(json["line_items"], currency),
            refunds: try refunds(json["refunds"], currency), paymentURL: text(json["payment_url"]),
            trackingURL: meta.trackingURL, trackingNumber: meta.trackingNumber, key: text(json["order_key"]),
            locale: meta.locale)
    }

    static func id(_ json: JSON) throws(JSONError) -> String {
        let id = try json["id"].expectStringOrNumber()
        guard !id.isEmpty, id.utf8.count <= 40, id.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw unexpected(json["id"], "expected a whole number")
        }
        return id
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
            externalID: text(json["customer_id"]).flatMap { $0 == "0" ? nil : $0 },
            firstName: text(billing["first_name"]) ?? text(shipping["first_name"]) ?? "",
            lastName: text(billing["last_name"]) ?? text(shipping["last_name"]) ?? "",
            email: text(billing["email"]), phone: text(billing["phone"]) ?? text(shipping["phone"]) ?? "",
            country: text(billing["country"]), shippingCountry: text(shipping["country"]))
    }

    private static func items(_ json: JSON, _ currency: String) throws(JSONError) -> [OrderItem] {
        try (json.array ?? []).map { line throws(JSONError) in
            OrderItem(
                name: HTMLEntities.decoded(line["name"].string ?? ""), quantity: quantity(line["quantity"]),
                total: try money(line["total"], currency))
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
            return Refund(externalID: try id(refund), amount: amount, reason: text(refund["reason"]))
        }
    }

    private static func money(_ json: JSON, _ currency: String) throws(JSONError) -> Money {
        guard let money = Money(amount: try json.expectStringOrNumber(), currency: currency) else {
            throw unexpected(json, "expected an amount")
        }
        return money
    }

    /// WooCommerce's `*_gmt`: UTC without a zone, whole seconds. Nil where it says `null`.
    private static func time(_ json: JSON) throws(JSONError) -> Timestamp? {
        guard let text = json.string, !text.isEmpty else { return nil }
        guard let time = Timestamp(rfc3339: text) else { throw unexpected(json, "expected a time") }
        return time
    }

    private static func unexpected(_ json: JSON, _ message: String) -> JSONError {
        JSONError(kind: .unexpected, path: json.path, message: message)
    }

    /// WooCommerce writes what is not there as an empty text.
    private static func text(_ json: JSON) -> String? {
        guard let text = json.stringOrNumber, !text.trimmingBlanks.isEmpty else { return nil }
        return text
    }
}

extension String {
    /// Without white space at both ends.
    var trimmingBlanks: Substring {
        var slice = self[...]
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return slice
    }
}
