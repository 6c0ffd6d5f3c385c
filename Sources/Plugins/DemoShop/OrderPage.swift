import Core
import Crypto
import Domain
import HTTP
import PluginKit
import Templating

/// `/shop/orders/{number}`: an order as its customer sees it, from the thanks after the checkout to its arrival.
/// Whoever has the key of the order may look, as in WooCommerce.
struct OrderPage: Sendable {
    struct Model: TemplateModel {
        var cart: Cart
        var stored: StoredOrder
        var hasAgreed: Bool
        var isSandbox: Bool

        private var order: Order { stored.order }
        /// What the total holds beside the goods.
        private var shippingPrice: Money {
            let goods = order.items.reduce(0) { $0 + $1.total.minorUnits }
            return Money(minorUnits: order.total.minorUnits - goods, currency: order.total.currency)
        }

        static let fields: [Field<Self>] = [
            .integer("cartCount") { $0.cart.count }, .id("id") { $0.stored.id }, .text("number") { $0.order.number },
            .text("key") { $0.order.key }, .text("firstName") { $0.order.customer.firstName },
            .word("status") { Word("order.status.\($0.order.status)") }, .time("at") { $0.order.createdAt },
            .list("items", Item.self) { $0.order.items.map(Item.init) }, .money("total") { $0.order.total },
            .word("shipping") { $0.order.shippingMethod.flatMap(ShippingMethod.init)?.word },
            .money("shippingPrice") { $0.shippingPrice }, .flag("costs") { $0.shippingPrice.minorUnits > 0 },
            .word("payment") { $0.order.paymentMethod.flatMap(PaymentMethod.init)?.word },
            .text("trackingNumber") { $0.order.trackingNumber }, .flag("unpaid") { $0.order.isUnpaid },
            .flag("agreed") { $0.hasAgreed }, .flag("isSandbox") { $0.isSandbox },
        ]
    }

    struct Item: TemplateModel {
        let item: OrderItem

        static let fields: [Field<Self>] = [
            .text("name") { $0.item.name }, .integer("quantity") { $0.item.quantity }, .money("sum") { $0.item.total },
        ]
    }

    private let shop: Shop
    private let till: Till
    private let page: PreparedPage<Model>

    init(_ shop: Shop, _ till: Till) throws {
        self.shop = shop
        self.till = till
        page = try shop.context.pages.open("demoshop/order", Model.self)
    }

    static func path(number: String, key: String) -> String { "/shop/orders/\(number)?key=\(key)" }

    var routes: [Route] {
        [
            Route(.get, "/shop/orders/{number}", .public, bodyLimit: 0) { request, context in
                let stored = try open(context, key: request.query["key"])
                return try page.respond(model(stored, request), 200, request, context)
            },
            Route(.post, "/shop/orders/{number}/pay", .public, bodyLimit: 4 << 10) { request, context in
                let order = try open(context, key: request.form["key"]).order
                if order.isUnpaid { try till.move(order, .processing) }
                return .redirect(to: Self.path(number: order.number, key: order.key ?? ""))
            },
        ]
    }

    private func open(_ context: Context, key: String?) throws -> StoredOrder {
        guard let stored = try context.parameters["number"].flatMap(till.find(number:)), let right = stored.order.key,
            let key, ConstantTime.equal(key, right)
        else { throw NotFound() }
        return stored
    }

    private func model(_ stored: StoredOrder, _ request: Request) throws -> Model {
        let consents = try stored.contactID.map(shop.context.contacts.consents) ?? [:]
        return Model(
            cart: Cart(request), stored: stored, hasAgreed: consents[.orders] == .granted,
            isSandbox: shop.context.channel()?.id == "sandbox")
    }
}
