import Core
import Database
import Domain
import HTTP
import Messaging
import SQL
import Store
import Text

/// `messages`: the ledger, and one message at a time into it.
struct MessagesResource: APIResource {
    let host: Host

    private static let filters = [
        Endpoint.QueryParameter("status", .choice(MessageStatus.allCases.map(\.rawValue)), "Messages that stand so."),
        Endpoint.QueryParameter("purpose", .purpose, "Messages of one purpose."),
        Endpoint.QueryParameter("contact", .id, "Messages to one contact."),
        Endpoint.QueryParameter("order", .id, "Messages of one order."),
        Endpoint.QueryParameter("campaign", .id, "Messages of one campaign."),
    ]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/messages", .scope(.read), "Messages, the newest first.",
                query: ListQuery.parameters + Self.filters, gives: [.list(of: "Message")], handler: list),
            Endpoint(
                .post, "/messages", .scope(.write), "Plans one message. The policy decides whether and when it leaves.",
                takes: .reference("NewMessage"), gives: [.created(.reference("Message"))], handler: plan),
            Endpoint(
                .get, "/messages/{id}", .scope(.read), "One message with its attempts and its trail.",
                gives: [.done(.reference("MessageWithTrail"))], handler: one),
        ]
    }

    private func list(_ request: Request, _ context: Context) throws -> Response {
        var query = try ListQuery(request, filters: Self.filters)
        var selection = MessagesTable.Selection()
        selection.statuses = query.choice("status", among: MessageStatus.allCases).map { [$0] } ?? []
        selection.purpose = query.choice("purpose", among: Purpose.all)
        selection.contact = query.id("contact")
        if let order = query.id("order") { selection.source = (.order, order) }
        if let campaign = query.id("campaign") { selection.source = (.campaign, campaign) }
        try query.finish()
        return try host.database.read { tx in
            try MessagesTable.page(selection, query.page, in: tx).map { try MessageJSON.Addressed($0, in: tx) }
        }.response(MessageJSON.write)
    }

    private func one(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        let found = try host.database.read { tx in
            try MessagesTable.find(id, in: tx).map { row in
                (
                    try MessageJSON.Addressed(row, in: tx), try AttemptsTable.all(of: id, in: tx),
                    try TrailTable.all(of: id, in: tx)
                )
            }
        }
        guard let (message, attempts, trail) = found else { throw Refusal.notFound }
        let sentences = TrailSentences(host)
        return .json(
            JSONWriter.object { json in
                MessageJSON.write(message, &json)
                MessageJSON.write(attempts, &json)
                MessageJSON.write(trail, sentences, &json)
            })
    }

    private func plan(_ request: Request, _ context: Context) throws -> Response {
        try Posting(host: host).respond(request, context) {
            let form = try MessageForm(try request.jsonObject(), country: host.site.country)
            let key = request.headers["Idempotency-Key"] ?? ID.make(at: host.clock.now()).description
            let planning = try MessagePlanning(host, form, intentKey: "api:\(key)")
            return { tx in
                guard let message = try planning.plan(in: tx) else {
                    return .failure(
                        .invalid("Idempotency-Key", "used", "Another message was planned under this key before."))
                }
                return .success(
                    APIAnswer(
                        201, location: "\(APIRoutes.prefix)/messages/\(message.row.id)",
                        body: MessageJSON.bytes(message)))
            }
        }
    }
}

/// `test-message`: one message to any number, past the question of consent.
struct TestMessageResource: APIResource {
    let host: Host

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/test-message", .scope(.write), "Sends a test message to any number.",
                takes: .reference("NewTestMessage"), gives: [.accepted(.reference("Message"))], handler: send)
        ]
    }

    private func send(_ request: Request, _ context: Context) throws -> Response {
        try Posting(host: host).respond(request, context) {
            let form = try MessageForm(try request.jsonObject(), purpose: .test, country: host.site.country)
            let planning = try MessagePlanning(host, form, intentKey: "test:\(ID.make(at: host.clock.now()))")
            return { tx in
                guard let message = try planning.plan(in: tx) else { return .failure(Refusal(409, "Try again.")) }
                return .success(APIAnswer(202, body: MessageJSON.bytes(message)))
            }
        }
    }
}
