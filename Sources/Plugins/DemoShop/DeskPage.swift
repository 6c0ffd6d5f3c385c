import Core
import Domain
import HTTP
import PluginKit
import Templating

/// `/admin/demo`: the demo shop from behind its counter. Orders are moved on and written to by hand, and
/// everything is removed at once.
struct DeskPage: Sendable {
    struct Model: TemplateModel {
        var orders: [Row]

        static let fields: [Field<Self>] = [
            .flag("hasOrders") { !$0.orders.isEmpty }, .list("orders", Row.self) { $0.orders },
        ]
    }

    struct Row: TemplateModel {
        var stored: StoredOrder
        var moves: [Move]

        private var order: Order { stored.order }

        static let fields: [Field<Self>] = [
            .id("id") { $0.stored.id }, .text("number") { $0.order.number }, .time("at") { $0.order.createdAt },
            .text("person") { "\($0.order.customer.firstName) \($0.order.customer.lastName)" },
            .money("total") { $0.order.total }, .object("status", Status.self) { Status(name: $0.order.status) },
            .text("trackingNumber") { $0.order.trackingNumber },
            .money("refunded") { row in
                let sum = row.order.refunds.reduce(0) { $0 + $1.amount.minorUnits }
                return sum == 0 ? nil : Money(minorUnits: sum, currency: row.order.total.currency)
            },
            .flag("isRefunded") { !$0.order.refunds.isEmpty }, .list("moves", Move.self) { $0.moves },
        ]
    }

    struct Move: TemplateModel {
        var move: OrderMove

        static let fields: [Field<Self>] = [.text("value") { $0.move.rawValue }, .word("label") { $0.move.word }]
    }

    /// A status as a pill.
    struct Status: TemplateModel {
        var name: String

        static let fields: [Field<Self>] = [
            .text("tone") { $0.tone }, .word("word") { Word("order.status.\($0.name)") },
        ]

        private var tone: String {
            switch name {
            case "completed": "good"
            case "processing": "info"
            case "pending", "on-hold": "warning"
            case "failed": "bad"
            default: "idle"
            }
        }
    }

    static let path = "/admin/demo"
    private static let limit = 50
    private static let longestNote = 500

    private let shop: Shop
    private let till: Till
    private let page: PreparedPage<Model>

    init(_ shop: Shop, _ till: Till) throws {
        self.shop = shop
        self.till = till
        page = try shop.context.pages.admin("demoshop/desk", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.manager), bodyLimit: 0) { try show($0, $1) },
            Route(.post, Self.path + "/orders/{id}/move", .role(.manager), bodyLimit: 4 << 10) { request, context in
                guard let move = request.form["move"].flatMap(OrderMove.init) else { throw NotFound() }
                try till.move(find(context).order, move)
                return back("notice.demo_moved", context)
            },
            Route(.post, Self.path + "/orders/{id}/note", .role(.manager), bodyLimit: 8 << 10) { request, context in
                let stored = try find(context)
                let text = String(request.form.line("note").prefix(Self.longestNote))
                guard !text.isEmpty else { return .redirect(to: Self.path) }
                try shop.context.orders.note(text, on: stored.id)
                return back("notice.demo_noted", context)
            },
            Route(.post, Self.path + "/remove", .role(.manager), bodyLimit: 4 << 10) { _, context in
                try till.removeAll(by: Self.actor(context))
                return back("notice.demo_removed", context)
            },
        ]
    }

    private func show(_ request: Request, _ context: Context) throws -> Response {
        let now = shop.context.clock.now()
        let rows = try till.latest(Self.limit).map { stored in
            Row(
                stored: stored,
                moves: OrderMove.allCases.filter { $0.applied(to: stored.order, at: now) != nil }.map(Move.init))
        }
        return try page.respond(Model(orders: rows), 200, request, context)
    }

    private func find(_ context: Context) throws -> StoredOrder {
        guard let stored = try context.parameters["id"].flatMap({ ID($0) }).flatMap(till.find) else { throw NotFound() }
        return stored
    }

    private func back(_ word: String, _ context: Context) -> Response {
        shop.context.pages.redirect(to: Self.path, saying: word, context)
    }

    private static func actor(_ context: Context) -> String {
        if case .user(_, let email, _, _) = context.caller { email } else { "system" }
    }
}
