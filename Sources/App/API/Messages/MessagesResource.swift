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
                .get, "/messages", .scope(.read), "listMessages", "Messages, the newest first.",
                query: ListQuery.parameters + Self.filters, gives: [.list(of: "Message")], handler: list),
            Endpoint(
                .post, "/messages", .scope(.write), "planMessage",
                "Plans one message. The policy decides whether and when it leaves.",
                takes: .init("NewMessage", example: MessageForm.example), gives: [.created(.reference("Message"))],
                handler: plan),
            Endpoint(
                .get, "/messages/{id}", .scope(.read), "getMessage", "One message with its attempts and its trail.",
                gives: [.done(.reference("MessageWithTrail"))], handler: one),
            Endpoint(
                .post, "/messages/{id}/cancel", .scope(.write), "cancelMessage",
                "Takes back a message that has not left yet.", gives: [.done(.reference("Message"))], handler: cancel),
            Endpoint(
                .post, "/messages/{id}/send-again", .scope(.write), "sendMessageAgain",
                "Sends a message that went wrong once more, as a message of its own.",
                gives: [.created(.reference("Message"))], handler: sendAgain),
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
            let intent = APIIntent(request, context, at: host.clock.now())
            let planning = try MessagePlanning(host, form, under: intent)
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

    private func cancel(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        return try Posting(host: host).respond(request, context) {
            let (now, messaging) = (host.clock.now(), host.messaging)
            return { tx in
                guard try MessagesTable.find(id, in: tx) != nil else { return .failure(.notFound) }
                guard let stopped = try LedgerUpkeep.cancel(id, reason: "reason.stopped", at: now, in: tx) else {
                    return .failure(Refusal(409, "The message has left, or was stopped before."))
                }
                messaging.announceStopped([stopped], after: tx)
                try note("message.cancelled", id, context, at: now, in: tx)
                return try answer(200, id, in: tx)
            }
        }
    }

    private func sendAgain(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        return try Posting(host: host).respond(request, context) {
            let (now, planner, wake) = (host.clock.now(), host.planner, host.messaging.wake)
            return { tx in
                guard try MessagesTable.find(id, in: tx) != nil else { return .failure(.notFound) }
                guard let copy = try planner.sendAgain(id, in: tx) else {
                    return .failure(Refusal(409, "The message may still arrive by itself, or has arrived."))
                }
                try note("message.sent_again", id, context, at: now, in: tx)
                tx.afterCommit { wake(.messages) }
                return try answer(201, copy, in: tx)
            }
        }
    }

    private func note(
        _ action: String, _ id: ID, _ context: Context, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: context.actor, action: action, subject: "message:\(id)"), in: tx)
    }

    /// - Parameter status: 201 tells where the message is.
    private func answer(
        _ status: Status, _ id: ID, in tx: any ReadTransaction
    ) throws -> Result<APIAnswer, Refusal> {
        guard let row = try MessagesTable.find(id, in: tx) else { return .failure(.notFound) }
        let body = MessageJSON.bytes(try MessageJSON.Addressed(row, in: tx))
        return .success(
            APIAnswer(status, location: status == 201 ? "\(APIRoutes.prefix)/messages/\(id)" : nil, body: body))
    }
}
