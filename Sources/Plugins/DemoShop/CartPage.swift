import Core
import HTTP
import PluginKit
import Templating

/// `/shop/cart`: what was chosen so far, and the forms that change it.
struct CartPage: Sendable {
    struct Model: TemplateModel {
        var cart: Cart
        var lines: [CartLine]
        var total: Money

        static let fields: [Field<Self>] = [
            .integer("cartCount") { $0.cart.count }, .flag("hasItems") { !$0.cart.isEmpty },
            .list("items", CartLine.self) { $0.lines }, .money("total") { $0.total },
        ]
    }

    static let path = "/shop/cart"

    private let shop: Shop
    private let page: PreparedPage<Model>

    init(_ shop: Shop) throws {
        self.shop = shop
        page = try shop.context.pages.open("demoshop/cart", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .public, bodyLimit: 0) { request, context in
                let cart = Cart(request)
                let model = Model(cart: cart, lines: CartLine.all(of: cart, shop), total: shop.money(cart.total))
                return try page.respond(model, 200, request, context)
            },
            Route(.post, Self.path, .public, bodyLimit: 4 << 10) { request, context in
                change(request, context) { cart, product, quantity in cart.add(product, quantity ?? 1) }
            },
            Route(.post, Self.path + "/update", .public, bodyLimit: 4 << 10) { request, context in
                change(request, context) { cart, product, quantity in
                    if let quantity { cart.put(product, quantity) }
                }
            },
        ]
    }

    private func change(
        _ request: Request, _ context: Context, _ edit: (inout Cart, Product, Int?) -> Void
    ) -> Response {
        var cart = Cart(request)
        if let product = request.form["product"].flatMap(Product.find) {
            edit(&cart, product, request.form["quantity"].flatMap { Int($0) })
        }
        var response = Response.redirect(to: Self.path)
        cart.save(in: &response, context)
        return response
    }
}

/// One line of the cart, as the cart and the checkout show it.
struct CartLine: TemplateModel {
    var line: Cart.Line
    var price: Money
    var sum: Money

    static func all(of cart: Cart, _ shop: Shop) -> [CartLine] {
        cart.lines.map { line in
            CartLine(line: line, price: shop.money(line.product.price), sum: shop.money(line.sum))
        }
    }

    static let fields: [Field<Self>] = [
        .text("id") { $0.line.product.id }, .word("name") { $0.line.product.name },
        .integer("quantity") { $0.line.quantity }, .money("price") { $0.price }, .money("sum") { $0.sum },
    ]
}
