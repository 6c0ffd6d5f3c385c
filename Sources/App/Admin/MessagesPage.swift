import Core
import Database
import Domain
import HTTP
import Localization
import PluginKit
import SQL
import Store
import Templating

/// `/admin/messages`: every message, whether it was sent or not; views and filters stand in the address.
struct MessagesPage: Sendable {
    struct Model: TemplateModel {
        var address: ListAddress
        var views: [ListView] = []
        var chips: [FilterChip] = []
        var messages: [MessageRow] = []
        var next: Cursor?

        static let fields: [Field<Self>] = [
            .word("viewsLabel") { _ in Word("messages.views") }, .list("views", ListView.self) { $0.views },
            .text("view") { $0.address["status"] }, .text("query") { $0.address["q"] },
            .text("since") { $0.address["since"] }, .text("contact") { $0.address["contact"] },
            .text("order") { $0.address["order"] },
            .list("purposes", Choice.self) { model in
                Purpose.all.map { Choice(purpose: $0, selected: $0.rawValue == model.address["purpose"]) }
            },
            .flag("filtered") { $0.address.has(anyOf: filters) }, .list("chips", FilterChip.self) { $0.chips },
            .flag("hasChips") { !$0.chips.isEmpty }, .text("clearHref") { $0.address.cleared },
            .flag("hasMessages") { !$0.messages.isEmpty }, .list("messages", MessageRow.self) { $0.messages },
            .text("firstHref") { $0.address.first }, .text("nextHref") { $0.address.next($0.next) },
        ]
    }

    struct Choice: TemplateModel {
        var purpose: Purpose
        var selected: Bool

        static let fields: [Field<Self>] = [
            .text("value") { $0.purpose.rawValue }, .word("label") { Word("purpose." + $0.purpose.rawValue) },
            .flag("selected") { $0.selected },
        ]
    }

    private static let filters = ["status", "q", "purpose", "since", "order", "contact"]
    /// The first shows all.
    private static let views: [(name: String?, statuses: [MessageStatus])] = [
        (nil, []), ("waiting", [.planned, .claimed]), ("sent", [.handedOver, .accepted, .sent]),
        ("delivered", [.delivered, .read]),
        ("failed", [.failed]), ("unknown", [.unknown]), ("not_sent", [.suppressed, .cancelled]),
    ]

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/messages", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/messages", .role(.viewer), bodyLimit: 0) { request, context in
                try page.respond(try model(request, SignedIn(context)), 200, request, context)
            }
        ]
    }

    private func model(_ request: Request, _ signedIn: SignedIn) throws -> Model {
        let address = ListAddress(request, Self.filters)
        let words = pages.words(locale: host.site.locale)
        return try host.database.read { tx in
            var model = Model(address: address)
            var selection = try selection(address, signedIn.display, in: tx)
            model.chips = try chips(address, selection, signedIn.display, words, in: tx)
            selection.statuses = Self.views.first { $0.name == address["status"] }?.statuses ?? []
            let found = try MessagesTable.page(selection, PageRequest(after: address.after), in: tx)
            model.messages = try MessageListing(found.rows, in: tx).list(words, signedIn.display)
            model.next = found.next
            for view in Self.views {
                selection.statuses = view.statuses
                let count = try MessagesTable.count(selection, limit: ListView.cap, in: tx)
                model.views.append(
                    ListView(
                        href: address.with("status", view.name),
                        label: words.text("messages.view_" + (view.name ?? "all")),
                        count: words.capped(count, at: ListView.cap), current: view.name == address["status"]))
            }
            return model
        }
    }

    /// What the filters ask for, but for the view. A filter that cannot be read matches nothing rather than all.
    private func selection(
        _ address: ListAddress, _ display: PhoneDisplay, in tx: any ReadTransaction
    ) throws -> MessagesTable.Selection {
        var selection = MessagesTable.Selection()
        selection.purpose = address["purpose"].map(Purpose.init(rawValue:))
        selection.contact = address["contact"].map { ID($0) ?? ID(0) }
        selection.source = address["order"].map { (.order, ID($0) ?? ID(0)) }
        selection.since = address["since"].flatMap(dayStart)
        if let typed = address["q"] {
            selection.found = try TypedSearch(typed, country: host.site.country, display).messages(in: tx)
        }
        return selection
    }

    /// Midnight in the shop's zone of a day as date fields send it: `2026-11-20`.
    private func dayStart(_ text: String) -> Timestamp? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            let local = CalendarTime(year: year, month: month, day: day)
        else { return nil }
        return (Zone(host.site.timeZone) ?? .utc).timestamp(of: local)
    }

    private func chips(
        _ address: ListAddress, _ selection: MessagesTable.Selection, _ display: PhoneDisplay,
        _ words: any TemplateWords, in tx: any ReadTransaction
    ) throws -> [FilterChip] {
        var chips: [FilterChip] = []
        func add(_ filter: String, _ key: String, _ name: String, _ value: String) {
            chips.append(FilterChip(label: Word(key, [name: .text(value)]), href: address.with(filter, nil)))
        }
        if let typed = address["q"] { add("q", "messages.filter_find", "text", typed) }
        if let purpose = selection.purpose {
            add("purpose", "messages.filter_purpose", "purpose", ConsentWords(words).purpose(purpose))
        }
        if let since = selection.since {
            add("since", "messages.filter_since", "date", words.date(since, zone: host.site.timeZone))
        }
        if let order = selection.source?.id {
            let number = try OrdersTable.find(order, in: tx)?.order.number
            add("order", "messages.filter_order", "number", number ?? order.description)
        }
        if let id = selection.contact {
            let contact = try ContactsTable.find(id, in: tx)
            let name = contact.flatMap {
                display.name(first: $0.firstName, last: $0.lastName, phone: $0.phone, bsuid: $0.bsuid)
            }
            add("contact", "messages.filter_contact", "person", name ?? words.text("contact.no_name"))
        }
        return chips
    }
}
