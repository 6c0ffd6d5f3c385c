import Core
import Domain
import Text

/// An order as the API writes it.
enum OrderJSON {
    static let schema = Schema.object([
        .required("id", .id), .required("external_id", .text), .required("shop", .text), .required("number", .text),
        .required("status", .text), .required("created_at", .time), .required("updated_at", .time),
        .required("total", .reference("Money")), .required("payment_method", .nullable(.text)),
        .required("payment_method_title", .nullable(.text)),
        .required("shipping_method", .nullable(.text)),
        .required(
            "customer",
            .object([
                .required("id", .nullable(.text)), .required("first_name", .text), .required("last_name", .text),
                .required("email", .nullable(.text)), .required("phone", .text),
                .required("country", .nullable(.text)), .required("locale", .nullable(.text)),
            ])),
        .required(
            "items",
            .list(
                .object([
                    .required("name", .text), .required("quantity", .integer), .required("total", .reference("Money")),
                    .required("product_id", .nullable(.text)), .required("variation_id", .nullable(.text)),
                ]))),
        .required(
            "refunds",
            .list(
                .object([
                    .required("id", .text), .required("amount", .reference("Money")),
                    .required("reason", .nullable(.text)),
                ]))),
        .required("payment_url", .nullable(.text)), .required("tracking_url", .nullable(.text)),
        .required("tracking_number", .nullable(.text)), .required("contact_id", .nullable(.id)),
        .required("phone_problem", .nullable(.text)), .required("first_seen_at", .time),
    ])

    static func bytes(_ stored: StoredOrder) -> [UInt8] { JSONWriter.object { json in write(stored, &json) } }

    static func write(_ stored: StoredOrder, _ json: inout JSONWriter) {
        let order = stored.order
        json.field("id", stored.id)
        json.field("external_id", order.externalID)
        json.field("shop", order.shop)
        json.field("number", order.number)
        json.field("status", order.status)
        json.field("created_at", order.createdAt)
        json.field("updated_at", order.updatedAt)
        json.field("total", order.total)
        json.field("payment_method", order.paymentMethod)
        json.field("payment_method_title", order.paymentMethodTitle)
        json.field("shipping_method", order.shippingMethod)
        json.object("customer") { json in
            json.field("id", order.customer.externalID)
            json.field("first_name", order.customer.firstName)
            json.field("last_name", order.customer.lastName)
            json.field("email", order.customer.email)
            json.field("phone", order.customer.phone)
            json.field("country", order.customer.country)
            json.field("locale", order.locale)
        }
        json.array("items") { json in
            for item in order.items {
                json.object { json in
                    json.field("name", item.name)
                    json.field("quantity", item.quantity)
                    json.field("total", item.total)
                    json.field("product_id", item.productID)
                    json.field("variation_id", item.variationID)
                }
            }
        }
        json.array("refunds") { json in
            for refund in order.refunds {
                json.object { json in
                    json.field("id", refund.externalID)
                    json.field("amount", refund.amount)
                    json.field("reason", refund.reason)
                }
            }
        }
        json.field("payment_url", order.paymentURL)
        json.field("tracking_url", order.trackingURL)
        json.field("tracking_number", order.trackingNumber)
        json.field("contact_id", stored.contactID)
        json.field("phone_problem", stored.phoneProblem)
        json.field("first_seen_at", stored.firstSeenAt)
    }
}
