import Core
import Database
import Domain
import HTTP
import Messaging
import SQL
import Store
import Text

/// `deliveries`: the webhooks that came in, and their replay.
struct DeliveriesResource: APIResource {
    let host: Host

    private static let filters = [
        Endpoint.QueryParameter("state", .choice(Delivery.State.allCases.map(\.rawValue)), "Deliveries that stand so."),
        Endpoint.QueryParameter("endpoint", .text, "Which endpoint took them: woocommerce, meta."),
    ]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/deliveries", .scope(.read), "listDeliveries", "Webhooks that came in, the newest first.",
                query: ListQuery.parameters + Self.filters, gives: [.list(of: "Delivery")], handler: list),
            Endpoint(
                .get, "/deliveries/{id}", .scope(.read), "getDelivery", "One delivery with its headers and body.",
                gives: [.done(.reference("DeliveryWithBody"))], handler: one),
            Endpoint(
                .post, "/deliveries/{id}/replay", .scope(.write), "replayDelivery", "Has a delivery worked once more.",
                gives: [.accepted(.reference("Delivery"))], handler: replay),
        ]
    }

    private func list(_ request: Request, _ context: Context) throws -> Response {
        var query = try ListQuery(request, filters: Self.filters)
        let state = query.choice("state", among: Delivery.State.allCases)
        try query.finish()
        return try host.database.read { tx in
            try DeliveriesTable.page(query.page, state: state, endpoint: query.text("endpoint"), in: tx)
        }.response(DeliveryJSON.write)
    }

    private func one(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        let found = try host.database.read { tx in
            try DeliveriesTable.find(id, in: tx).map { ($0, try DeliveriesTable.headers(of: id, in: tx)) }
        }
        guard let (delivery, headers) = found else { throw Refusal.notFound }
        return .json(
            JSONWriter.object { json in
                DeliveryJSON.write(delivery, &json)
                json.array("headers") { json in
                    for (name, value) in headers {
                        json.object { json in
                            json.field("name", name)
                            json.field("value", value)
                        }
                    }
                }
                json.field("body", String(decoding: delivery.body, as: UTF8.self))
            })
    }

    private func replay(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        return try Posting(host: host).respond(request, context) {
            let (now, wake) = (host.clock.now(), host.messaging.wake)
            return { tx in
                guard try DeliveriesTable.find(id, in: tx) != nil else { return .failure(.notFound) }
                guard try DeliveriesTable.replay(id, at: now, in: tx),
                    let delivery = try DeliveriesTable.find(id, in: tx)
                else { return .failure(Refusal(409, "The delivery is waiting for its turn already.")) }
                tx.afterCommit { wake(.deliveries) }
                return .success(
                    APIAnswer(202, body: JSONWriter.object { json in DeliveryJSON.write(delivery, &json) }))
            }
        }
    }
}

/// A delivery as the API writes it.
enum DeliveryJSON {
    static let schema = Schema.object(properties)
    static let schemaWithBody = Schema.object(
        properties + [
            .required("headers", .list(.object([.required("name", .text), .required("value", .text)]))),
            .required("body", .text),
        ])

    private static let properties: [Schema.Property] = [
        .required("id", .id), .required("endpoint", .text), .required("topic", .text),
        .required("received_at", .time), .required("state", .choice(Delivery.State.allCases.map(\.rawValue))),
        .required("note", .nullable(.text)), .required("lane", .nullable(.text)), .required("bytes", .integer),
    ]

    static func write(_ delivery: Delivery, _ json: inout JSONWriter) {
        json.field("id", delivery.id)
        json.field("endpoint", delivery.endpoint)
        json.field("topic", delivery.topic)
        json.field("received_at", delivery.receivedAt)
        json.field("state", delivery.state.rawValue)
        json.field("note", delivery.note)
        json.field("lane", delivery.lane)
        json.field("bytes", delivery.body.count)
    }
}
