import Core
import Domain
import HTTP
import Localization
import PluginKit
import Templating

/// `/shop/checkout`: who buys, how it is paid and sent, and what the shop may write about.
struct CheckoutPage: Sendable {
    static let path = "/shop/checkout"

    private let shop: Shop
    private let till: Till
    private let page: PreparedPage<CheckoutModel>

    init(_ shop: Shop, _ till: Till) throws {
        self.shop = shop
        self.till = till
        page = try shop.context.pages.open("demoshop/checkout", CheckoutModel.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .public, bodyLimit: 0) { request, context in
                let cart = Cart(request)
                if cart.isEmpty { return .redirect(to: CartPage.path) }
                let model = model(CheckoutForm(country: shop.context.site().country), cart, words: shop.words)
                return try page.respond(model, 200, request, context)
            },
            Route(.post, Self.path, .public, bodyLimit: 16 << 10) { request, context in
                try place(request, context)
            },
        ]
    }

    private func place(_ request: Request, _ context: Context) throws -> Response {
        let cart = Cart(request)
        if cart.isEmpty { return .redirect(to: CartPage.path) }
        let words = shop.words
        var model = model(CheckoutForm(request.form), cart, words: words)
        model.formErrors = model.form.problems(shop.context.contacts)
        if model.form.wordingVersion != model.consent.version, !model.form.agreed.isEmpty {
            // Nobody agrees to words they have not seen.
            model.form.agreed = []
            model.formErrors.append(FormError("consent", Word("demoshop.error_wording")))
        }
        guard model.formErrors.isEmpty else { return try page.respond(model, 422, request, context) }
        let site = shop.context.site()
        let consents = model.consent.grants(
            for: model.form.agreed, at: shop.context.clock.now(), pageURL: site.publicURL + Self.path, request, context)
        let placed = try till.place(model.form, cart, consents: consents, words: words)
        var response = Response.redirect(to: placed)
        Cart().save(in: &response, context)
        return response
    }

    private func model(_ form: CheckoutForm, _ cart: Cart, words: any TemplateWords) -> CheckoutModel {
        CheckoutModel(
            cart: cart, items: CartLine.all(of: cart, shop), total: shop.money(cart.total), form: form,
            consent: ConsentWords(words),
            prices: Dictionary(
                uniqueKeysWithValues: ShippingMethod.allCases.map { ($0, shop.money($0.price)) }),
            countries: Countries.all.map { ($0, words.text(Countries.word($0).key, [:]).searchKey) }
                .sorted { $0.1 < $1.1 }.map(\.0),
            isSandbox: shop.context.channel()?.id == "sandbox")
    }
}
