import Messaging
import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/contacts/{id}`: one person, what they agreed to, and everything that was said to them.
struct ContactPage: Sendable {
    /// How many orders and messages are shown; the lists have the rest.
    private static let shown = 10

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<ContactModel>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/contact", ContactModel.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/contacts/{id}", .role(.viewer), bodyLimit: 0) { request, context in
                try page.respond(try model(context, typed: nil), 200, request, context)
            },
            Route(.post, "/admin/contacts/{id}/consents", .role(.manager), bodyLimit: 16 << 10) { request, context in
                try record(request, context)
            },
        ]
    }

    /// - Parameter typed: a form that could not be taken: its purpose, and what was typed.
    private func model(_ context: Context, typed: ContactModel.Typed?) throws -> ContactModel {
        let signedIn = try SignedIn(context)
        let words = pages.words(locale: host.site.locale)
        guard let id = context.parameters["id"].flatMap({ ID($0) }) else { throw Refusal.notFound }
        var model = try host.database.read { tx in
            guard let contact = try ContactsTable.find(id, in: tx) else { throw Refusal.notFound }
            var model = ContactModel(
                contact: contact, display: signedIn.display, name: contact.shownName(signedIn.display, words),
                canWrite: signedIn.canWrite)
            let history = ConsentHistory(
                records: try ConsentsTable.all(of: contact.id, in: tx),
                standings: try ConsentStatesTable.all(of: contact.id, in: tx))
            let details = try ConsentsTable.details(of: history.records.map(\.id), in: tx)
            model.consents = Purpose.consentable.map { purpose in
                .init(purpose, history, details, words, typed: typed?.purpose == purpose ? typed : nil)
            }
            model.history = history.records.map { ConsentHistory.line($0, details, signedIn.display, words) }
            let filter = OrderFilter(contactID: contact.id)
            model.orders = try OrdersTable.page(PageRequest(limit: Self.shown), filter, in: tx).rows.map {
                .init($0, words)
            }
            var selection = MessagesTable.Selection()
            selection.contact = contact.id
            let found = try MessagesTable.page(selection, PageRequest(limit: Self.shown), in: tx)
            model.hasMore = found.next != nil
            model.messages = try MessageListing(found.rows, in: tx).list(words, signedIn.display)
            return model
        }
        model.panels = try PanelCard.all(for: .contact(model.contact.ref), host, context)
        return model
    }

    private func record(_ request: Request, _ context: Context) throws -> Response {
        let signedIn = try SignedIn(context)
        guard let id = context.parameters["id"].flatMap({ ID($0) }) else { throw Refusal.notFound }
        let form = request.form
        let purpose = Purpose(rawValue: form["purpose"] ?? "")
        guard Purpose.consentable.contains(purpose),
            let action = ConsentStatement.Action(rawValue: form["action"] ?? "")
        else { throw Refusal(422, "The form names no purpose or action.") }
        let reason = form["reason"]?.trimmingSpaces ?? ""
        if let problem = ContactModel.Typed.problem(with: reason) {
            let typed = ContactModel.Typed(purpose: purpose, reason: reason, error: problem)
            return try page.respond(try model(context, typed: typed), 422, request, context)
        }
        let now = host.clock.now()
        let said = ConsentStatement(
            purpose: purpose, action: action, at: now, source: "admin", actor: signedIn.email, reason: reason)
        let desk = host.consents
        let contact = try host.database.write { tx in
            guard let contact = try ContactsTable.find(id, in: tx) else { return Contact?.none }
            try desk.record(said, by: contact, in: tx)
            let entry = AuditEntry(
                id: ID.make(at: now), at: now, actor: signedIn.email, action: "consent." + action.rawValue,
                subject: "contact:\(contact.id)", data: ["purpose": purpose.rawValue])
            try AuditTable.add(entry, in: tx)
            return contact
        }
        guard let contact else { throw Refusal.notFound }
        desk.announce([said], by: contact.id)
        return Flash.redirect(to: "/admin/contacts/\(contact.id)", "good", "notice.consent_recorded", context)
    }
}

/// What is on record of one person.
struct ConsentHistory {
    /// The newest first.
    var records: [ConsentRecord]
    var standings: [Purpose: ConsentStatesTable.Standing]

    static func line(
        _ record: ConsentRecord, _ details: [ConsentsTable.KeptDetail], _ display: PhoneDisplay,
        _ words: any TemplateWords
    ) -> TrailLine {
        let reason = details.first { $0.consentID == record.id && $0.detail == .reason }?.value
        let notes = [reason.map { "“\($0)”" }, record.actor].compactMap { $0.map(display.text) }
        return TrailLine(
            at: record.at, text: ConsentWords(words).sentence(record),
            detail: notes.isEmpty ? nil : notes.joined(separator: " · "))
    }
}
