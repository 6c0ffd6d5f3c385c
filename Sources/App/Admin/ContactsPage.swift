import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/contacts`: everybody who ordered or agreed, found by the beginning of a name, an address or a phone.
struct ContactsPage: Sendable {
    struct Model: TemplateModel {
        var address: ListAddress
        var contacts: [Row] = []
        var next: Cursor?

        static let fields: [Field<Self>] = [
            .text("query") { $0.address["q"] }, .flag("filtered") { $0.address.has(anyOf: filters) },
            .flag("hasContacts") { !$0.contacts.isEmpty }, .list("contacts", Row.self) { $0.contacts },
            .text("firstHref") { $0.address.first }, .text("nextHref") { $0.address.next($0.next) },
        ]
    }

    struct Row: TemplateModel {
        let contact: Contact
        let standings: [Purpose: ConsentStatesTable.Standing]
        let display: PhoneDisplay
        let name: String

        static let fields: [Field<Self>] = [
            .id("id") { $0.contact.id }, .text("name") { $0.name },
            .text("email") { row in row.contact.email.map(row.display.email) },
            .text("phone") { $0.display.phone($0.contact.phone ?? $0.contact.phoneRaw) },
            .word("phoneProblem") { $0.contact.phoneProblem.map { Word($0) } },
            .text("country") { $0.contact.country }, .object("orders", Pill.self) { $0.pill(.orders) },
            .object("marketing", Pill.self) { $0.pill(.marketing) }, .time("seenAt") { $0.contact.createdAt },
        ]

        private func pill(_ purpose: Purpose) -> Pill { ConsentWords.pill(standings[purpose]?.state ?? .none) }
    }

    private static let filters = ["q"]

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/contacts", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/contacts", .role(.viewer), bodyLimit: 0) { request, context in
                try page.respond(try model(request, SignedIn(context)), 200, request, context)
            }
        ]
    }

    private func model(_ request: Request, _ signedIn: SignedIn) throws -> Model {
        let address = ListAddress(request, Self.filters)
        let words = pages.words(locale: host.site.locale)
        let search = address["q"].map { TypedSearch($0, country: host.site.country, signedIn.display) }
        return try host.database.read { tx in
            let request = PageRequest(after: address.after)
            let found = try ContactsList.page(request, search?.people ?? ContactFilter(), in: tx)
            let standings = try ConsentStatesTable.all(ofContacts: found.rows.map(\.id), in: tx)
            var model = Model(address: address)
            model.next = found.next
            model.contacts = found.rows.map { contact in
                Row(
                    contact: contact, standings: standings[contact.id] ?? [:], display: signedIn.display,
                    name: contact.shownName(signedIn.display, words))
            }
            return model
        }
    }
}

extension Contact {
    /// As the one who looks may see it.
    func shownName(_ display: PhoneDisplay, _ words: any TemplateWords) -> String {
        display.name(first: firstName, last: lastName, phone: phone ?? phoneRaw.nonEmpty, bsuid: bsuid)
            ?? words.text("contact.no_name")
    }
}
