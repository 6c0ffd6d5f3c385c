import Core
import Database
import Domain
import HTTP
import Messaging
import SQL
import Store

/// `orders`: what shops without a plugin of their own tell, and what is known of all orders.
struct OrdersResource: APIResource {
    let host: Host

    private static let filters = [
        Endpoint.QueryParameter("status", .text, "The shop's status."),
        Endpoint.QueryParameter("contact", .id, "Orders of one contact."),
        Endpoint.QueryParameter("number", .text, "The order's whole number."),
    ]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/orders", .scope(.read), "listOrders", "Orders, the latest first.",
                query: ListQuery.parameters + Self.filters, gives: [.list(of: "Order")], handler: list),
            Endpoint(
                .post, "/orders", .scope(.write), "putOrder",
                "Tells of an order: 201 for a new one, 200 for one that was known by shop and id.",
                takes: .init("NewOrder", example: OrderForm.example),
                gives: [.created(.reference("Order")), .done(.reference("Order"))], handler: receive),
            Endpoint(
                .get, "/orders/{id}", .scope(.read), "getOrder", "One order.", gives: [.done(.reference("Order"))],
                handler: one),
        ]
    }

    private func list(_ request: Request, _ context: Context) throws -> Response {
        var query = try ListQuery(request, filters: Self.filters)
        let filter = OrderFilter(
            status: query.text("status"), contactID: query.id("contact"), number: query.text("number"))
        try query.finish()
        return try host.database.read { tx in try OrdersTable.page(query.page, filter, in: tx) }
            .response(OrderJSON.write)
    }

    private func one(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        guard let order = try host.database.read({ tx in try OrdersTable.find(id, in: tx) }) else {
            throw Refusal.notFound
        }
        return .json(OrderJSON.bytes(order))
    }

    private func receive(_ request: Request, _ context: Context) throws -> Response {
        try Posting(host: host).respond(request, context) {
            let form = try OrderForm(try request.jsonObject(), actor: context.actor, at: host.clock.now())
            let desk = host.orders
            let incoming = desk.prepare(form.order, consents: form.consents)
            return { tx in
                let receipt = try desk.receive(incoming, in: tx)
                guard let order = receipt.order else {
                    return .failure(
                        .invalid("status", "not_an_order", "In this status it is no order yet, or none any more."))
                }
                tx.afterCommit { desk.announce(receipt) }
                let path = "\(APIRoutes.prefix)/orders/\(order.id)"
                return .success(
                    receipt.outcome == .created
                        ? APIAnswer(201, location: path, body: OrderJSON.bytes(order))
                        : APIAnswer(200, body: OrderJSON.bytes(order)))
            }
        }
    }
}
