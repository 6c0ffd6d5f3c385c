import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/search?q=`: one search for people, orders and messages, the newest few of each.
struct SearchPage: Sendable {
    struct Model: TemplateModel {
        var query = ""
        var contacts: [Person] = []
        var orders: [OrdersPage.Row] = []
        var messages: [MessageRow] = []

        static let fields: [Field<Self>] = [
            .text("query") { $0.query }, .flag("hasQuery") { !$0.query.isEmpty },
            .flag("hasAny") { !$0.contacts.isEmpty || !$0.orders.isEmpty || !$0.messages.isEmpty },
            .flag("hasContacts") { !$0.contacts.isEmpty }, .list("contacts", Person.self) { $0.contacts },
            .flag("hasOrders") { !$0.orders.isEmpty }, .list("orders", OrdersPage.Row.self) { $0.orders },
            .flag("hasMessages") { !$0.messages.isEmpty }, .list("messages", MessageRow.self) { $0.messages },
        ]
    }

    struct Person: TemplateModel {
        var id: ID
        var name: String
        var phone: String

        static let fields: [Field<Self>] = [
            .id("id") { $0.id }, .text("name") { $0.name }, .text("phone") { $0.phone },
        ]
    }

    private static let shown = 5

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/search", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/search", .role(.viewer), bodyLimit: 0) { request, context in
                let query = String((request.query["q"] ?? "").trimmingSpaces.prefix(200))
                return try page.respond(try model(query, SignedIn(context)), 200, request, context)
            }
        ]
    }

    private func model(_ query: String, _ signedIn: SignedIn) throws -> Model {
        var model = Model(query: query)
        guard !query.isEmpty else { return model }
        let words = pages.words(locale: host.site.locale)
        let display = signedIn.display
        let search = TypedSearch(query, country: host.site.country, display)
        let few = PageRequest(limit: Self.shown)
        try host.database.read { tx in
            model.contacts = try ContactsList.page(few, search.people, in: tx).rows.map {
                Person(
                    id: $0.id, name: $0.shownName(display, words),
                    phone: display.phone($0.phone ?? $0.phoneRaw.nonEmpty ?? $0.bsuid ?? ""))
            }
            let orders = try OrdersTable.page(few, OrderFilter(search: try search.orders(in: tx)), in: tx).rows
            model.orders = orders.map { OrdersPage.Row($0, [], words, display) }
            var selection = MessagesTable.Selection()
            selection.found = try search.messages(in: tx)
            let messages = try MessagesTable.page(selection, few, in: tx).rows
            model.messages = try MessageListing(messages, in: tx).list(words, display)
        }
        return model
    }
}
