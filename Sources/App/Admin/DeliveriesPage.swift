import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/deliveries`: what came in from outside, stored before it was answered, and what was refused at the door.
struct DeliveriesPage: Sendable {
    struct Model: TemplateModel {
        var address: ListAddress
        var lead: Word
        var views: [ListView] = []
        var deliveries: [Row] = []
        var refused: [Refused] = []
        var next: Cursor?

        static let fields: [Field<Self>] = [
            .word("lead") { $0.lead }, .word("viewsLabel") { _ in Word("deliveries.views") },
            .list("views", ListView.self) { $0.views }, .flag("filtered") { $0.address.has(anyOf: filters) },
            .flag("hasDeliveries") { !$0.deliveries.isEmpty }, .list("deliveries", Row.self) { $0.deliveries },
            .flag("hasRefused") { !$0.refused.isEmpty }, .list("refused", Refused.self) { $0.refused },
            .text("firstHref") { $0.address.first }, .text("nextHref") { $0.address.next($0.next) },
        ]
    }

    struct Row: TemplateModel {
        let delivery: Delivery
        let endpoint: String
        /// The number of the order that it tells of.
        let order: String?
        let note: String?

        static let fields: [Field<Self>] = [
            .id("id") { $0.delivery.id }, .time("at") { $0.delivery.receivedAt }, .text("endpoint") { $0.endpoint },
            .text("topic") { $0.delivery.topic },
            .word("what") { $0.order.map { Word("orders.number", ["number": .text($0)]) } }, .text("note") { $0.note },
            .object("state", Pill.self) { $0.delivery.state.pill },
            .flag("canReplay") { $0.delivery.state != .waiting },
        ]
    }

    /// Calls of one endpoint that were refused for one reason.
    struct Refused: TemplateModel {
        let entry: RefusalsTable.Entry
        let endpoint: String
        let reason: String

        static let fields: [Field<Self>] = [
            .text("endpoint") { $0.endpoint }, .text("reason") { $0.reason }, .integer("count") { $0.entry.count },
            .time("at") { $0.entry.lastAt },
        ]
    }

    private static let filters = ["state"]

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/deliveries", Model.self)
    }

    var routes: [Route] {
        [
            // Bodies hold phones and addresses: nothing for the role that sees them masked.
            Route(.get, "/admin/deliveries", .role(.manager), bodyLimit: 0) { request, context in
                try page.respond(try model(request), 200, request, context)
            }
        ]
    }

    private func model(_ request: Request) throws -> Model {
        let address = ListAddress(request, Self.filters)
        let words = pages.words(locale: host.site.locale)
        let deliveryWords = DeliveryWords(words)
        let state = address["state"].flatMap(Delivery.State.init(rawValue:))
        return try host.database.read { tx in
            var model = Model(
                address: address, lead: deliveryWords.lead(host.settings[HostSettings.deliveriesRetention]))
            let found = try DeliveriesTable.page(PageRequest(after: address.after), state: state, in: tx)
            model.next = found.next
            let orders = try Self.orders(of: found.rows, in: tx)
            model.deliveries = found.rows.map {
                Row(
                    delivery: $0, endpoint: deliveryWords.endpoint($0.endpoint), order: orders[$0.id],
                    note: deliveryWords.note($0)?.text)
            }
            model.refused = try RefusalsTable.all(in: tx).map {
                Refused(
                    entry: $0, endpoint: deliveryWords.endpoint($0.endpoint),
                    reason: deliveryWords.known("refused." + $0.reason) ?? $0.reason)
            }
            var all = 0
            for state in Delivery.State.allCases {
                let count = try DeliveriesTable.count(state, cap: ListView.cap + 1, in: tx)
                all += count
                model.views.append(view(state, count, address, words))
            }
            model.views.insert(view(nil, all, address, words), at: 0)
            return model
        }
    }

    /// The numbers of the orders that these deliveries tell of, where they are known.
    private static func orders(of deliveries: [Delivery], in tx: any ReadTransaction) throws -> [ID: String] {
        var numbers: [ID: String] = [:]
        for (shop, told) in Dictionary(grouping: deliveries, by: \.endpoint) {
            let known = try OrdersTable.all(shop: shop, externalIDs: Set(told.compactMap(\.orderID)), in: tx)
            for delivery in told { numbers[delivery.id] = delivery.orderID.flatMap { known[$0]?.order.number } }
        }
        return numbers
    }

    private func view(
        _ state: Delivery.State?, _ count: Int, _ address: ListAddress, _ words: any TemplateWords
    ) -> ListView {
        ListView(
            href: address.with("state", state?.rawValue),
            label: words.text("deliveries.view_" + (state?.rawValue ?? "all")),
            count: words.capped(count, at: ListView.cap), current: state?.rawValue == address["state"])
    }
}

extension Delivery {
    /// The shop's own id of the order whose lane this is.
    var orderID: String? {
        let prefix = "order:"
        guard let lane, lane.hasPrefix(prefix) else { return nil }
        return String(lane.dropFirst(prefix.count))
    }
}

extension Delivery.State {
    var pill: Pill {
        let tone: Pill.Tone =
            switch self {
            case .waiting: .info
            case .worked: .good
            case .kept: .idle
            case .unreadable: .bad
            }
        return Pill(tone, "delivery.state." + rawValue)
    }
}

/// Deliveries in words.
struct DeliveryWords {
    private let words: any TemplateWords

    init(_ words: any TemplateWords) { self.words = words }

    func known(_ key: String) -> String? { words.has(key) ? words.text(key) : nil }

    func endpoint(_ id: String) -> String { known("delivery.endpoint." + id) ?? id }

    /// What came of it: a word of the catalogue, and what stands behind it as `word: detail`.
    func note(_ delivery: Delivery) -> (text: String, detail: String?)? {
        guard let note = delivery.note else { return nil }
        let end = note.firstRange(of: ": ")
        let key = String(note[..<(end?.lowerBound ?? note.endIndex)])
        guard let text = known(key) else { return (words.text("delivery.tried"), note) }
        return (text, end.map { String(note[$0.upperBound...]) })
    }

    func lead(_ retention: Timestamp.Span?) -> Word {
        guard let retention else { return Word("deliveries.lead_forever") }
        return Word("deliveries.lead", ["retention": .text(words.duration(retention))])
    }
}
