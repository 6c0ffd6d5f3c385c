import Core
import Domain
import SQL
import Text

/// Between an order and its row.
enum OrderColumns {
    static let list: Query = """
        o.id, o.shop, o.external_id, o.number, o.status, o.created_at, o.updated_at, o.total_minor, o.currency,
        o.payment_method, o.shipping_method, o.customer_external_id, o.first_name, o.last_name, o.email, o.phone_raw,
        o.phone_problem, o.country, o.shipping_country, o.contact_id, o.locale, o.items, o.refunds, o.payment_url,
        o.tracking_url, o.tracking_number, o.order_key, o.removed, o.first_seen_at, o.arrival,
        o.payment_method_title
        """

    static func known(_ row: Row) throws -> KnownOrder {
        KnownOrder(stored: try stored(row), arrival: try row.id(29))
    }

    static func stored(_ row: Row) throws -> StoredOrder {
        StoredOrder(
            id: try row.id(0), contactID: try row.idOrNil(19), phoneProblem: try row.textOrNil(16),
            isRemoved: try row.flag(27), firstSeenAt: try row.time(28), order: try order(row))
    }

    private static func order(_ row: Row) throws -> Order {
        let currency = try row.text(8)
        return Order(
            shop: try row.text(1), externalID: try row.text(2), number: try row.text(3), status: try row.text(4),
            createdAt: try row.time(5), updatedAt: try row.time(6),
            total: Money(minorUnits: try row.integer(7), currency: currency), paymentMethod: try row.textOrNil(9),
            paymentMethodTitle: try row.textOrNil(30), shippingMethod: try row.textOrNil(10),
            customer: OrderCustomer(
                externalID: try row.textOrNil(11), firstName: try row.text(12), lastName: try row.text(13),
                email: try row.textOrNil(14), phone: try row.text(15), country: try row.textOrNil(17),
                shippingCountry: try row.textOrNil(18)),
            items: try items(row.text(21)), refunds: try refunds(row.text(22)), paymentURL: try row.textOrNil(23),
            trackingURL: try row.textOrNil(24), trackingNumber: try row.textOrNil(25), key: try row.textOrNil(26),
            locale: try row.textOrNil(20))
    }

    static func text(_ items: [OrderItem]) -> String {
        JSONColumn.string(
            JSONWriter.array { json in
                for item in items {
                    json.object { json in
                        json.field("name", item.name)
                        json.field("quantity", item.quantity)
                        json.field("minor", item.total.minorUnits)
                        json.field("currency", item.total.currency)
                        if let product = item.productID { json.field("product", product) }
                        if let variation = item.variationID { json.field("variation", variation) }
                    }
                }
            })
    }

    static func text(_ refunds: [Refund]) -> String {
        JSONColumn.string(
            JSONWriter.array { json in
                for refund in refunds {
                    json.object { json in
                        json.field("id", refund.externalID)
                        json.field("minor", refund.amount.minorUnits)
                        json.field("currency", refund.amount.currency)
                        json.field("reason", refund.reason)
                    }
                }
            })
    }

    private static func items(_ text: String) throws -> [OrderItem] {
        try JSON(parsing: text, name: "items").expectArray().map { json in
            OrderItem(
                name: try json["name"].expectString(), quantity: try json["quantity"].expectInt(),
                total: try money(json), productID: json["product"].string, variationID: json["variation"].string)
        }
    }

    private static func refunds(_ text: String) throws -> [Refund] {
        try JSON(parsing: text, name: "refunds").expectArray().map { json in
            Refund(externalID: try json["id"].expectString(), amount: try money(json), reason: json["reason"].string)
        }
    }

    private static func money(_ json: JSON) throws -> Money {
        Money(minorUnits: Int64(try json["minor"].expectInt()), currency: try json["currency"].expectString())
    }
}
