import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/orders`: every order, by status, found by number, name or phone.
struct OrdersPage: Sendable {
    struct Model: TemplateModel {
        var address: ListAddress
        var views: [ListView] = []
        var orders: [Row] = []
        var next: Cursor?

        static let fields: [Field<Self>] = [
            .word("viewsLabel") { _ in Word("orders.views") }, .list("views", ListView.self) { $0.views },
            .text("query") { $0.address["q"] }, .text("view") { $0.address["status"] },
            .flag("filtered") { $0.address.has(anyOf: filters) }, .flag("hasOrders") { !$0.orders.isEmpty },
            .list("orders", Row.self) { $0.orders }, .text("firstHref") { $0.address.first },
            .text("nextHref") { $0.address.next($0.next) },
        ]
    }

    struct Row: TemplateModel {
        var id: ID
        var number: String
        var at: Timestamp
        var person: String
        var phone: String
        var status: OrderStatusPill
        var total: Money
        var messages: Pill?
        var messagesDetail: String?

        static let fields: [Field<Self>] = [
            .id("id") { $0.id }, .text("number") { $0.number }, .time("at") { $0.at }, .text("person") { $0.person },
            .text("phone") { $0.phone }, .object("status", OrderStatusPill.self) { $0.status },
            .money("total") { $0.total }, .object("messages", Pill.self) { $0.messages },
            .text("messagesDetail") { $0.messagesDetail },
        ]
    }

    private static let filters = ["status", "q"]
    /// Those that WooCommerce has by itself; a shop's own statuses are found by their orders.
    private static let statuses = [
        "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed",
    ]

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/orders", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/orders", .role(.viewer), bodyLimit: 0) { request, context in
                try page.respond(try model(request, SignedIn(context)), 200, request, context)
            }
        ]
    }

    private func model(_ request: Request, _ signedIn: SignedIn) throws -> Model {
        let address = ListAddress(request, Self.filters)
        let words = pages.words(locale: host.site.locale)
        let search = address["q"].map { TypedSearch($0, country: host.site.country, signedIn.display) }
        return try host.database.read { tx in
            var model = Model(address: address)
            var filter = OrderFilter(status: address["status"], search: try search?.orders(in: tx))
            let found = try OrdersTable.page(PageRequest(after: address.after), filter, in: tx)
            let messages = try MessagesTable.all(ofOrders: found.rows.map(\.id), in: tx)
            model.next = found.next
            model.orders = found.rows.map { Row($0, messages[$0.id] ?? [], words, signedIn.display) }
            for status in [nil] + Self.statuses.map(Optional.some) + Self.own(address["status"]) {
                filter.status = status
                let count = try OrdersTable.count(filter, cap: ListView.cap + 1, in: tx)
                guard count > 0 || status == nil || status == address["status"] else { continue }
                model.views.append(
                    ListView(
                        href: address.with("status", status),
                        label: status.map(MessageWords(words).orderEvent) ?? words.text("orders.view_all"),
                        count: words.capped(count, at: ListView.cap), current: status == address["status"]))
            }
            return model
        }
    }

    /// A shop's own status stands among the views while it is the one that is shown.
    private static func own(_ status: String?) -> [String?] {
        guard let status, !statuses.contains(status) else { return [] }
        return [status]
    }
}

extension OrdersPage.Row {
    init(_ stored: StoredOrder, _ messages: [LedgerRow], _ words: any TemplateWords, _ display: PhoneDisplay) {
        let order = stored.order
        let person = display.name(
            first: order.customer.firstName, last: order.customer.lastName, phone: order.customer.phone.nonEmpty)
        self.init(
            id: stored.id, number: order.number, at: order.createdAt,
            person: person ?? words.text("contact.no_name"), phone: display.phone(order.customer.phone),
            status: OrderStatusPill(order.status, words), total: order.total)
        (self.messages, messagesDetail) = Self.sum(messages, words)
    }

    /// What needs a person comes first: of an order with a failed and a delivered message the failed one is told.
    private static func sum(_ rows: [LedgerRow], _ words: any TemplateWords) -> (Pill?, String?) {
        let kinds: [(Pill.Tone, String, [MessageStatus])] = [
            (.bad, "orders.messages_failed", [.failed]), (.warning, "orders.messages_unknown", [.unknown]),
            (.idle, "orders.messages_waiting", [.planned, .claimed, .handedOver]),
            (.info, "orders.messages_sent", [.accepted, .sent]),
            (.good, "orders.messages_delivered", [.delivered, .read]),
            (.idle, "orders.messages_not_sent", [.suppressed, .cancelled]),
        ]
        for (tone, key, statuses) in kinds {
            let matching = rows.filter { statuses.contains($0.status) }
            guard let latest = matching.last else { continue }
            return (
                Pill(tone, Word(key, ["count": .number(Int64(matching.count))])), MessageListing.detail(latest, words)
            )
        }
        return (nil, nil)
    }
}

/// An order's status, a shop's own one in the shop's own word.
struct OrderStatusPill: TemplateModel {
    var tone: Pill.Tone
    var word: String

    init(_ status: String, _ words: any TemplateWords) {
        word = MessageWords(words).orderEvent(status)
        tone =
            switch status {
            case "completed": .good
            case "processing": .info
            case "failed": .bad
            case "pending", "on-hold": .warning
            default: .idle
            }
    }

    static let fields: [Field<Self>] = [.text("tone") { $0.tone.rawValue }, .text("word") { $0.word }]
}
