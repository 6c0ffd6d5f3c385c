import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/orders/{id}`: one order, why its customer can or cannot be told, and every message about it.
struct OrderPage: Sendable {
    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<OrderModel>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/order", OrderModel.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/orders/{id}", .role(.viewer), bodyLimit: 0) { request, context in
                var model = try model(context)
                model.panels = try PanelCard.all(for: .order(model.stored), host, context)
                return try page.respond(model, 200, request, context)
            }
        ]
    }

    private func model(_ context: Context) throws -> OrderModel {
        let signedIn = try SignedIn(context)
        let words = pages.words(locale: host.site.locale)
        guard let id = context.parameters["id"].flatMap({ ID($0) }) else { throw Refusal.notFound }
        return try host.database.read { tx in
            guard let stored = try OrdersTable.find(id, in: tx) else { throw Refusal.notFound }
            var model = OrderModel(stored, words, signedIn)
            let products = try ProductsTable.all(
                shop: stored.order.shop, externalIDs: stored.order.productIDs, in: tx)
            model.items = stored.order.items.map { OrderModel.Item($0, products) }
            let rows = try MessagesTable.all(of: .order, id, in: tx)
            model.messages = rows.reversed().map { OrderModel.Message($0, stored, host.site, words, signedIn) }
            model.history = OrderHistory(words).sentences(try EventsTable.all(of: id, in: tx), of: stored.order)
            if let contact = stored.contactID {
                if let phone = try ContactsTable.find(contact, in: tx)?.phone {
                    model.phone = signedIn.display.phone(phone)
                }
                let standing = try ConsentStatesTable.find(.orders, of: contact, in: tx)
                model.consent = ConsentWords.pill(standing?.state ?? .none)
                model.consentDetail = standing.map { ConsentWords(words).detail($0) }
            }
            return model
        }
    }
}

/// What `Templates/admin/order` shows.
struct OrderModel: TemplateModel {
    let stored: StoredOrder
    let display: PhoneDisplay
    var canWrite: Bool
    var shop: String
    var person: String
    /// In its international form where it can be messaged, else as typed.
    var phone: String
    var status: OrderStatusPill
    var consent: Pill = ConsentWords.pill(.none)
    var consentDetail: String?
    var items: [Item]
    var messages: [Message] = []
    var history: [TrailLine] = []
    var panels: [PanelCard] = []

    private var order: Order { stored.order }

    static let fields: [Field<Self>] = [
        .id("id") { $0.stored.id }, .text("number") { $0.order.number }, .text("shop") { $0.shop },
        .time("at") { $0.order.createdAt }, .time("updatedAt") { $0.order.updatedAt },
        .object("status", OrderStatusPill.self) { $0.status }, .flag("removed") { $0.stored.isRemoved },
        .text("person") { $0.person }, .id("contactId") { $0.stored.contactID },
        .text("phone") { $0.phone },
        .text("phoneRaw") { $0.display.phone($0.order.customer.phone) },
        .word("phoneProblem") { $0.stored.phoneProblem.map { Word($0) } },
        .text("email") { order in order.order.customer.email.map(order.display.email) },
        .text("country") { $0.order.customer.country }, .text("language") { $0.order.locale },
        .object("consent", Pill.self) { $0.consent }, .text("consentDetail") { $0.consentDetail },
        .text("paymentMethod") { $0.order.paymentMethodTitle ?? $0.order.paymentMethod },
        .text("shippingMethod") { $0.order.shippingMethod },
        .text("trackingNumber") { $0.order.trackingNumber ?? $0.order.trackingURL },
        .text("trackingHref") { $0.order.trackingURL.flatMap { WebAddress($0) == nil ? nil : $0 } },
        .list("items", Item.self) { $0.items }, .money("total") { $0.order.total },
        .list("refunds", RefundRow.self) { model in
            model.order.refunds.map { RefundRow(refund: $0, display: model.display) }
        }, .flag("canWrite") { $0.canWrite },
        .flag("hasMessages") { !$0.messages.isEmpty }, .list("messages", Message.self) { $0.messages },
        .flag("hasHistory") { !$0.history.isEmpty }, .list("history", TrailLine.self) { $0.history },
        .list("panels", PanelCard.self) { $0.panels },
    ]

    init(_ stored: StoredOrder, _ words: any TemplateWords, _ signedIn: SignedIn) {
        self.stored = stored
        display = signedIn.display
        canWrite = signedIn.canWrite
        let customer = stored.order.customer
        let key = "delivery.endpoint." + stored.order.shop
        shop = words.has(key) ? words.text(key) : stored.order.shop
        person =
            display.name(first: customer.firstName, last: customer.lastName, phone: customer.phone.nonEmpty)
            ?? words.text("contact.no_name")
        phone = display.phone(customer.phone)
        items = stored.order.items.map { Item($0, [:]) }
        status = OrderStatusPill(stored.order.status, words)
    }

    struct Item: TemplateModel {
        let item: OrderItem
        /// Only over https: a page that is itself safe shows nothing else.
        let image: String?

        init(_ item: OrderItem, _ products: [String: ShopProduct]) {
            self.item = item
            let known = [item.variationID, item.productID].compactMap { $0.flatMap { products[$0]?.imageURL } }
            image = known.first { WebAddress($0)?.scheme == "https" }
        }

        static let fields: [Field<Self>] = [
            .text("name") { $0.item.name }, .integer("quantity") { $0.item.quantity },
            .money("total") { $0.item.total }, .text("image") { $0.image },
        ]
    }

    struct RefundRow: TemplateModel {
        let refund: Refund
        let display: PhoneDisplay

        static let fields: [Field<Self>] = [
            .money("amount") { $0.refund.amount }, .text("reason") { row in row.refund.reason.map(row.display.text) },
        ]
    }

    /// One message about the order.
    struct Message: TemplateModel {
        let row: LedgerRow
        var what: String
        var text: String?
        var reason: String?
        var canSendAgain: Bool

        init(
            _ row: LedgerRow, _ order: StoredOrder, _ site: Site, _ words: any TemplateWords, _ signedIn: SignedIn
        ) {
            self.row = row
            what = MessageSubject(words).text(row, order: order)
            text = row.content.text.map { signedIn.display.text(MessageContent.shown($0, on: site)) }
            reason = MessageListing.detail(row, words)
            canSendAgain = signedIn.canWrite && row.status.maySendAgain
        }

        static let fields: [Field<Self>] = [
            .id("id") { $0.row.id }, .text("what") { $0.what },
            .object("status", Pill.self) { MessageWords.pill($0.row.status) }, .time("at") { $0.row.createdAt },
            .text("text") { $0.text }, .text("reason") { $0.reason },
            .flag("possibleDuplicate") { $0.row.possibleDuplicate }, .flag("canSendAgain") { $0.canSendAgain },
        ]
    }
}

extension Order {
    /// The shop's ids of what was ordered, variations and their products.
    fileprivate var productIDs: Set<String> { Set(items.flatMap { [$0.productID, $0.variationID] }.compactMap { $0 }) }
}

/// A moment and what happened then, in a sentence.
struct TrailLine: TemplateModel {
    var at: Timestamp
    var text: String
    var detail: String?

    static let fields: [Field<Self>] = [
        .time("at") { $0.at }, .text("text") { $0.text }, .text("detail") { $0.detail },
    ]
}

extension MessageStatus {
    /// Whether a person may have it sent once more (`Planner.sendAgain`).
    var maySendAgain: Bool { [.failed, .suppressed, .cancelled, .unknown].contains(self) }
}
