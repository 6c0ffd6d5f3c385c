import Core
import Database
import Domain
import HTTP
import Messaging
import SQL
import Store

/// `consents`: what people said, as evidence.
struct ConsentsResource: APIResource {
    let host: Host

    private static let filters = [Endpoint.QueryParameter("contact", .id, "Whose.", isRequired: true)]
    private static let head = Endpoint.QueryParameter(
        "head", .text, "A head that was kept elsewhere: the chain of seals must still hold it.")

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/consents", .scope(.read), "listConsents", "What a contact said, the newest first.",
                query: ListQuery.parameters + Self.filters, gives: [.list(of: "Consent")], handler: list),
            Endpoint(
                .post, "/consents", .scope(.write), "recordConsent",
                "Puts a grant or withdrawal on record and acts on it at once.",
                takes: .init("NewConsent", example: ConsentForm.example), gives: [.created(.reference("Consent"))],
                handler: record),
            Endpoint(
                .get, "/consents/verify", .scope(.read), "verifyConsents",
                "Checks every consent on record against its seals.",
                query: [Self.head], gives: [.done(.reference("ConsentVerification"))], handler: verify),
            Endpoint(
                .get, "/consents/{id}", .scope(.read), "getConsent", "One consent on record.",
                gives: [.done(.reference("Consent"))],
                handler: one),
        ]
    }

    private func list(_ request: Request, _ context: Context) throws -> Response {
        var query = try ListQuery(request, filters: Self.filters)
        let contact = query.requiredID("contact")
        try query.finish()
        guard let contact else { throw Refusal.notFound }
        let page = try host.database.read { tx in
            // The consents of one person are few, so they are read as a whole.
            let known = try ContactsTable.find(contact, in: tx)?.id ?? contact
            let records = Page(of: try ConsentsTable.all(of: known, in: tx), query.page) { Cursor(id: $0.id) }
            return Page(rows: try ConsentJSON.evidence(records.rows, in: tx), next: records.next)
        }
        return page.response(ConsentJSON.write)
    }

    private func one(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        let found = try host.database.read { tx in
            try ConsentJSON.evidence(ConsentsTable.find(id, in: tx).map { [$0] } ?? [], in: tx).first
        }
        guard let found else { throw Refusal.notFound }
        return .json(ConsentJSON.bytes(found))
    }

    private func record(_ request: Request, _ context: Context) throws -> Response {
        try Posting(host: host).respond(request, context) {
            let now = host.clock.now()
            let form = try ConsentForm(
                try request.jsonObject(), site: host.site.country, actor: context.actor, now: now)
            let desk = host.consents
            return { tx in
                guard let contact = try Self.contact(form.person, at: now, in: tx) else {
                    return .failure(.invalid("contact_id", "unknown", "There is no such contact."))
                }
                let recorded = try desk.record(form.statement, by: contact, in: tx)
                tx.afterCommit { desk.announce([form.statement], by: contact.id) }
                guard let evidence = try ConsentJSON.evidence([recorded.record], in: tx).first else {
                    return .failure(.notFound)
                }
                return .success(
                    APIAnswer(
                        201, location: "\(APIRoutes.prefix)/consents/\(recorded.record.id)",
                        body: ConsentJSON.bytes(evidence)))
            }
        }
    }

    private static func contact(
        _ person: ConsentForm.Person, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Contact? {
        switch person {
        case .contact(let id): return try ContactsTable.find(id, in: tx)
        case .phone(let phone, let raw, let country):
            return try ContactsTable.reach(
                PersonKey(phone: phone), details: ContactDetails(phoneRaw: raw, country: country), weight: .fillsGaps,
                at: now, in: tx)
        }
    }

    private func verify(_ request: Request, _ context: Context) throws -> Response {
        var known: ConsentHead?
        if let text = request.query["head"] {
            known = ConsentHead(text)
            if known == nil { throw Refusal.invalid("head", "invalid", "Send a head as it was given.") }
        }
        let verdict = try ConsentVerification(keys: host.keys).run(on: host.database, known: known)
        return .json(ConsentVerdictJSON.bytes(verdict))
    }
}
