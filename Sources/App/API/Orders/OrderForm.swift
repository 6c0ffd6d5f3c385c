import Core
import Domain
import Text

/// An order as an API client tells it.
struct OrderForm: Sendable {
    let order: Order
    /// Said at the checkout and sent along. They hold from the order's creation: a later withdrawal outlives the same
    /// order told again.
    let consents: [ConsentStatement]

    static let schema = Schema.object([
        .optional("shop", .optional(100)), .required("id", .sent(1...100)), .required("number", .sent(1...100)),
        .required("status", .sent(1...100)), .required("created_at", .time), .required("updated_at", .time),
        .required("total", .reference("NewMoney")), .optional("payment_method", .optional(500)),
        .optional("payment_method_title", .optional(500)),
        .optional("shipping_method", .optional(500)),
        .required(
            "customer",
            .object([
                .optional("id", .optional(100)), .optional("first_name", .optional(500)),
                .optional("last_name", .optional(500)), .optional("email", .optional(500)),
                .required("phone", .sent(0...100)), .optional("country", .country), .optional("locale", .optional(35)),
            ])),
        .optional(
            "items",
            .nullable(
                .list(
                    .object([
                        .required("name", .sent(1...500)), .required("quantity", .count(0...(.max))),
                        .required("total", .reference("NewMoney")), .optional("product_id", .optional(100)),
                        .optional("variation_id", .optional(100)),
                    ]), most: mostItems))),
        .optional("payment_url", .optional(2000)), .optional("tracking_url", .optional(2000)),
        .optional("tracking_number", .optional(500)), .optional("key", .optional(500)),
        .optional(
            "consent",
            .nullable(
                .object(
                    Purpose.consentable.map { .optional($0.rawValue, .flag) }
                        + [.optional("wording", .optional(10_000))], isClosed: true))),
    ])
    static let example = #"""
        {"id":"1042","number":"1042","status":"processing","created_at":"2026-11-20T10:20:00Z",\#
        "updated_at":"2026-11-20T10:20:00Z","total":{"amount":"29.90","currency":"EUR"},"payment_method":"cod",\#
        "customer":{"first_name":"Ada","phone":"+1 202 555 0142","country":"US"},\#
        "items":[{"name":"Wool, undyed","quantity":2,"total":{"amount":"29.90","currency":"EUR"}}]}
        """#

    private static let mostItems = 500

    /// - Throws: `Refusal` 422 that names every wrong field.
    init(_ json: JSON, actor: String, at now: Timestamp) throws {
        var fields = Fields()
        let person = json["customer"]
        if person.object == nil { fields.reject(person, "required", "Send the customer as an object.") }
        let createdAt = fields.time(json["created_at"])
        let updatedAt = fields.time(json["updated_at"])
        // An older change never overwrites a newer one: a time far ahead would close the order to every later word.
        if updatedAt > now + .days(1) {
            fields.reject(json["updated_at"], "invalid", "This time is more than a day ahead of the server's clock.")
        }
        order = Order(
            shop: fields.textOrNil(json["shop"], most: 100) ?? "api", externalID: fields.text(json["id"], most: 100),
            number: fields.text(json["number"], most: 100), status: fields.text(json["status"], most: 100),
            createdAt: createdAt, updatedAt: updatedAt, total: fields.money(json["total"]),
            paymentMethod: fields.textOrNil(json["payment_method"]),
            paymentMethodTitle: fields.textOrNil(json["payment_method_title"]),
            shippingMethod: fields.textOrNil(json["shipping_method"]),
            customer: Self.customer(person, &fields), items: Self.items(json["items"], &fields),
            paymentURL: fields.textOrNil(json["payment_url"], most: 2000),
            trackingURL: fields.textOrNil(json["tracking_url"], most: 2000),
            trackingNumber: fields.textOrNil(json["tracking_number"]), key: fields.textOrNil(json["key"]),
            locale: fields.textOrNil(person["locale"], most: 35))
        consents = Self.consents(json["consent"], at: createdAt, actor: actor, &fields)
        try fields.finish()
    }

    private static func customer(_ json: JSON, _ fields: inout Fields) -> OrderCustomer {
        if json.object != nil, json["phone"].stringOrNumber == nil {
            fields.reject(json["phone"], "required", "Send the phone as it was typed, or an empty text.")
        }
        return OrderCustomer(
            externalID: fields.textOrNil(json["id"], most: 100), firstName: fields.textOrNil(json["first_name"]) ?? "",
            lastName: fields.textOrNil(json["last_name"]) ?? "", email: fields.textOrNil(json["email"]),
            phone: fields.textOrNil(json["phone"], most: 100) ?? "", country: fields.country(json["country"]))
    }

    private static func items(_ json: JSON, _ fields: inout Fields) -> [OrderItem] {
        guard json.exists, !json.isNull else { return [] }
        guard let items = json.array, items.count <= mostItems else {
            fields.reject(json, "invalid", "Send a list of at most \(mostItems) items.")
            return []
        }
        return items.map { item in
            OrderItem(
                name: fields.text(item["name"]), quantity: fields.count(item["quantity"]),
                total: fields.money(item["total"]), productID: fields.textOrNil(item["product_id"], most: 100),
                variationID: fields.textOrNil(item["variation_id"], most: 100))
        }
    }

    private static func consents(
        _ json: JSON, at time: Timestamp, actor: String, _ fields: inout Fields
    ) -> [ConsentStatement] {
        guard json.exists, !json.isNull else { return [] }
        guard let pairs = json.object else {
            fields.reject(json, "invalid", "Send an object of purposes, each true or false.")
            return []
        }
        let wording = fields.textOrNil(json["wording"], most: 10_000).map { ConsentStatement.Wording(text: $0) }
        var said: [ConsentStatement] = []
        for (name, value) in pairs where name != "wording" {
            let purpose = Purpose(rawValue: name)
            guard Purpose.consentable.contains(purpose) else {
                fields.reject(value, "unknown", "There is no such purpose.")
                continue
            }
            guard let choice = value.bool else {
                fields.reject(value, "invalid", "Send true or false.")
                continue
            }
            said.append(
                ConsentStatement(
                    purpose: purpose, action: choice ? .grant : .withdraw, at: time, source: "order",
                    wording: wording, actor: actor))
        }
        return said
    }
}
