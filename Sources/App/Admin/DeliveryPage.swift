import Messaging
import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating
import Text

/// `/admin/deliveries/{id}`: one delivery as it came in, and having it worked once more.
struct DeliveryPage: Sendable {
    struct Model: TemplateModel {
        let delivery: Delivery
        var endpoint: String
        var note: (text: String, detail: String?)?
        var order: (number: String, id: ID)?
        var headers: [Header] = []
        var size: Word
        var body: String
        var isShortened: Bool

        static let fields: [Field<Self>] = [
            .id("id") { $0.delivery.id }, .text("endpoint") { $0.endpoint }, .text("topic") { $0.delivery.topic },
            .time("at") { $0.delivery.receivedAt }, .object("state", Pill.self) { $0.delivery.state.pill },
            .text("note") { $0.note?.text }, .text("detail") { $0.note?.detail },
            .word("what") { $0.order.map { Word("orders.number", ["number": .text($0.number)]) } },
            .text("whatHref") { $0.order.map { "/admin/orders/\($0.id)" } }, .text("lane") { $0.delivery.lane },
            .word("size") { $0.size }, .list("headers", Header.self) { $0.headers }, .text("body") { $0.body },
            .flag("shortened") { $0.isShortened }, .flag("canReplay") { $0.delivery.state != .waiting },
        ]
    }

    struct Header: TemplateModel {
        var name: String
        var value: String

        static let fields: [Field<Self>] = [.text("name") { $0.name }, .text("value") { $0.value }]
    }

    /// So much of a body is shown, in bytes.
    private static let shown = 64 << 10

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/delivery", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/deliveries/{id}", .role(.manager), bodyLimit: 0) { request, context in
                try page.respond(try model(context), 200, request, context)
            },
            Route(.post, "/admin/deliveries/{id}/replay", .role(.manager), bodyLimit: 16 << 10) { _, context in
                try replay(context)
            },
        ]
    }

    private static func id(_ context: Context) throws -> ID {
        guard let id = context.parameters["id"].flatMap({ ID($0) }) else { throw Refusal.notFound }
        return id
    }

    private func model(_ context: Context) throws -> Model {
        let id = try Self.id(context)
        let words = DeliveryWords(pages.words(locale: host.site.locale))
        return try host.database.read { tx in
            guard let delivery = try DeliveriesTable.find(id, in: tx) else { throw Refusal.notFound }
            let body = DeliveryBody.text(delivery.body)
            var model = Model(
                delivery: delivery, endpoint: words.endpoint(delivery.endpoint), note: words.note(delivery),
                size: DeliveryBody.size(delivery.body.count),
                body: String(decoding: body.utf8.prefix(Self.shown), as: UTF8.self),
                isShortened: body.utf8.count > Self.shown)
            model.headers = try DeliveriesTable.headers(of: id, in: tx).filter { !DeliveryBody.isSecret($0.name) }.map {
                Header(name: $0.name, value: $0.value)
            }
            if let orderID = delivery.orderID,
                let order = try OrdersTable.find(shop: delivery.endpoint, externalID: orderID, in: tx)
            {
                model.order = (order.order.number, order.id)
            }
            return model
        }
    }

    private func replay(_ context: Context) throws -> Response {
        let id = try Self.id(context)
        let actor = try SignedIn(context).email
        let now = host.clock.now()
        let isKnown = try host.database.write { tx in
            guard try DeliveriesTable.find(id, in: tx) != nil else { return false }
            if try DeliveriesTable.replay(id, at: now, in: tx) {
                let entry = AuditEntry(
                    id: ID.make(at: now), at: now, actor: actor, action: "delivery.replayed",
                    subject: "delivery:\(id)")
                try AuditTable.add(entry, in: tx)
            }
            return true
        }
        guard isKnown else { throw Refusal.notFound }
        host.messaging.wake(.deliveries)
        return Flash.redirect(to: "/admin/deliveries/\(id)", "good", "notice.delivery_replayed", context)
    }
}
