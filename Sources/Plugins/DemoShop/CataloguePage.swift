import Core
import HTTP
import PluginKit
import Templating

/// `/shop` with all products, and the page of each.
struct CataloguePage: Sendable {
    struct Shelf: TemplateModel {
        var cart: Cart
        var products: [Article]

        static let fields: [Field<Self>] = [
            .integer("cartCount") { $0.cart.count }, .list("products", Article.self) { $0.products },
        ]
    }

    struct Single: TemplateModel {
        var cart: Cart
        var article: Article

        static let fields: [Field<Self>] = [
            .integer("cartCount") { $0.cart.count }, .object("article", Article.self) { $0.article },
        ]
    }

    struct Article: TemplateModel {
        var product: Product
        var price: Money

        static let fields: [Field<Self>] = [
            .text("id") { $0.product.id }, .word("name") { $0.product.name }, .word("text") { $0.product.text },
            .money("price") { $0.price },
        ]
    }

    private let shop: Shop
    private let shelf: PreparedPage<Shelf>
    private let single: PreparedPage<Single>

    init(_ shop: Shop) throws {
        self.shop = shop
        shelf = try shop.context.pages.open("demoshop/catalogue", Shelf.self)
        single = try shop.context.pages.open("demoshop/product", Single.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/shop", .public, bodyLimit: 0) { request, context in
                let model = Shelf(cart: Cart(request), products: Product.all.map(article))
                return try shelf.respond(model, 200, request, context)
            },
            Route(.get, "/shop/products/{id}", .public, bodyLimit: 0) { request, context in
                guard let product = context.parameters["id"].flatMap(Product.find) else { throw NotFound() }
                let model = Single(cart: Cart(request), article: article(product))
                return try single.respond(model, 200, request, context)
            },
        ]
    }

    private func article(_ product: Product) -> Article { Article(product: product, price: shop.money(product.price)) }
}
