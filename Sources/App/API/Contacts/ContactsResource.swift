import Core
import Database
import Domain
import HTTP
import SQL
import Store

/// `contacts`: the people the shop knows.
struct ContactsResource: APIResource {
    let host: Host

    private static let filters = [
        Endpoint.QueryParameter("q", .text, "The beginning of a phone, a name or an e-mail address."),
        Endpoint.QueryParameter("consent", .text, "A purpose they granted, or with - in front one they did not."),
    ]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/contacts", .scope(.read), "listContacts", "Contacts, the newest first.",
                query: ListQuery.parameters + Self.filters, gives: [.list(of: "Contact")], handler: list),
            Endpoint(
                .post, "/contacts", .scope(.write), "addContact", "Adds a contact.",
                takes: .init("NewContact", example: ContactForm.example),
                gives: [.created(.reference("Contact"))], handler: add),
            Endpoint(
                .get, "/contacts/{id}", .scope(.read), "getContact", "One contact.",
                gives: [.done(.reference("Contact"))],
                handler: one),
            Endpoint(
                .patch, "/contacts/{id}", .scope(.write), "changeContact", "Changes the fields that are sent.",
                takes: .init("NewContact", example: #"{"first_name":"Grace","tags":[]}"#),
                gives: [.done(.reference("Contact"))], mayConflict: true, handler: edit),
            Endpoint(
                .delete, "/contacts/{id}", .scope(.write), "removeContact",
                "Removes a contact. What they withdrew stays withdrawn.", gives: [.removed], handler: remove),
        ]
    }

    private func list(_ request: Request, _ context: Context) throws -> Response {
        let query = try ListQuery(request, filters: Self.filters)
        let filter = ContactFilter(
            search: query.text("q"), consent: try query.text("consent").map { try Self.standing($0) })
        try query.finish()
        return try host.database.read { tx in
            try ContactsList.page(query.page, filter, in: tx).map { try ContactJSON.Asked($0, in: tx) }
        }.response(ContactJSON.write)
    }

    /// `marketing` or `-marketing`
    private static func standing(_ text: String) throws -> ContactFilter.Standing {
        let isNegated = text.hasPrefix("-")
        let purpose = Purpose(rawValue: isNegated ? String(text.dropFirst()) : text)
        guard Purpose.consentable.contains(purpose) else {
            throw Refusal.invalid("consent", "unknown", "There is no such purpose.")
        }
        return isNegated ? .notGranted(purpose) : .granted(purpose)
    }

    private func one(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        let found = try host.database.read { tx in
            try ContactsTable.find(id, in: tx).map { try ContactJSON.Asked($0, in: tx) }
        }
        guard let found else { throw Refusal.notFound }
        return .json(ContactJSON.bytes(found))
    }

    private func add(_ request: Request, _ context: Context) throws -> Response {
        try Posting(host: host).respond(request, context) {
            let form = try ContactForm(try request.jsonObject(), site: host.site.country, isNew: true)
            let now = host.clock.now()
            var contact = Contact(id: ID.make(at: now), phone: nil, createdAt: now)
            form.apply(to: &contact)
            return { [contact] tx in
                switch try ContactsTable.add(contact, in: tx) {
                case .done(let added):
                    return .success(
                        APIAnswer(
                            201, location: "\(APIRoutes.prefix)/contacts/\(added.id)",
                            body: ContactJSON.bytes(try ContactJSON.Asked(added, in: tx))))
                case .taken(let other): return .failure(Self.taken(by: other))
                case .outdated, .missing: return .failure(.notFound)
                }
            }
        }
    }

    /// The phone is read by the country that the contact has, or gets with this call.
    private func edit(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        guard let known = try host.database.read({ tx in try ContactsTable.find(id, in: tx) }) else {
            throw Refusal.notFound
        }
        let form = try ContactForm(
            try request.jsonObject(), known: known.country, site: host.site.country, isNew: false)
        let now = host.clock.now()
        let result: Result<ContactJSON.Asked, Refusal> = try host.database.write { tx in
            guard var contact = try ContactsTable.find(id, in: tx) else { return .failure(.notFound) }
            form.apply(to: &contact)
            switch try ContactsTable.update(contact, at: now, in: tx) {
            case .done(let edited): return .success(try ContactJSON.Asked(edited, in: tx))
            case .taken(let other): return .failure(Self.taken(by: other))
            case .outdated: return .failure(Refusal(409, "The contact was changed at the same time. Try again."))
            case .missing: return .failure(.notFound)
            }
        }
        return .json(ContactJSON.bytes(try result.get()))
    }

    private func remove(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        let (now, keys, actor) = (host.clock.now(), host.keys, context.actor)
        let isGone = try host.database.write { tx in
            guard let contact = try ContactsTable.find(id, in: tx) else { return false }
            try Suppressions(keys: keys).keepWithdrawals(of: contact, at: now, in: tx)
            try AuditTable.add(
                AuditEntry(
                    id: ID.make(at: now), at: now, actor: actor, action: "contact.deleted",
                    subject: "contact:\(contact.id)"), in: tx)
            return try ContactsTable.delete(contact.id, in: tx)
        }
        guard isGone else { throw Refusal.notFound }
        return .empty()
    }

    private static func taken(by other: ID) -> Refusal {
        Refusal(
            409, "Another contact has this phone or bsuid.",
            errors: [.init("phone", "taken", "\(APIRoutes.prefix)/contacts/\(other)")])
    }
}
