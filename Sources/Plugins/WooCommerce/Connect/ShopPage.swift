import Domain
import Core
import HTTP
import PluginKit
import Templating

/// `/admin/shop`: leads the owner from an address to a shop that reports its orders, and says how it stands.
struct ShopPage: Sendable {
    static let path = "/admin/shop"
    static let template = "woocommerce/shop"

    private let connection: ShopConnection
    private let keys: KeyRequest
    private let page: PreparedPage<ShopModel>

    init(_ connection: ShopConnection, _ keys: KeyRequest) throws {
        self.connection = connection
        self.keys = keys
        page = try connection.context.pages.admin(Self.template, ShopModel.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.manager), bodyLimit: 0) { request, context in
                try page.respond(model(context), 200, request, context)
            },
            // Keys go to the address that is given here, and orders are believed that come with ours.
            Route(.post, Self.path + "/connect", .role(.owner), confirmation: .always, bodyLimit: 16 << 10) {
                try connectShop($0, $1)
            },
            route("cancel") { _, _, _ in
                try keys.cancel()
                return .redirect(to: Self.path)
            },
            route("check") { request, context, actor in
                try act(request, context, saying: "notice.shop_checked") { try connection.setUp(by: actor) }
            },
            route("webhooks") { request, context, actor in
                try act(request, context, saying: "notice.shop_webhooks") {
                    try connection.setUp(by: actor, evenWithObstacle: true)
                }
            },
            route("ping") { request, context, actor in
                try act(request, context, saying: "notice.shop_pinged") { try connection.ping(by: actor) }
            },
            route("take") { _, context, actor in
                try connection.takeOverDifferences(by: actor)
                return connection.context.pages.redirect(to: Self.path, saying: "notice.saved", context)
            },
            route("disconnect") { _, context, actor in
                let left = try connection.disconnect(by: actor)
                let word = left == nil ? "notice.shop_disconnected" : "notice.shop_disconnected_alone"
                return connection.context.pages.redirect(to: Self.path, saying: word, context)
            },
        ]
    }

    /// Keys are the owner's affair, as every secret is.
    private func route(
        _ act: String, _ body: @escaping @Sendable (Request, Context, String) throws -> Response
    ) -> Route {
        Route(.post, Self.path + "/" + act, .role(.owner), bodyLimit: 16 << 10) { request, context in
            guard case .user(_, let email, _, _) = context.caller else { throw NotFound() }
            return try body(request, context, email)
        }
    }

    private func act(
        _ request: Request, _ context: Context, saying word: String, _ body: () throws -> Void
    ) throws -> Response {
        do {
            try body()
        } catch let error as ShopError {
            var model = try model(context)
            model.trouble = error.word
            return try page.respond(model, 422, request, context)
        }
        return connection.context.pages.redirect(to: Self.path, saying: word, context)
    }

    // MARK: Connecting

    private func connectShop(_ request: Request, _ context: Context) throws -> Response {
        guard case .user(_, let actor, _, _) = context.caller else { throw NotFound() }
        // The form is not shown then; one left open elsewhere must not take working keys away.
        guard !connection.hasKeys else { return .redirect(to: Self.path) }
        let form = ConnectForm(request.form)
        do {
            let found = try ShopSearch(connection).find(form.address, by: actor)
            guard form.wantsToPaste else {
                try keys.invite(by: actor)
                return .redirect(to: Self.path)
            }
            try form.check()
            try connection.context.settingsWriter.change(
                [
                    WooCommerceSettings.consumerKey.key: form.key, WooCommerceSettings.consumerSecret.key: form.secret,
                ], by: actor)
            try keys.cancel()
            try connection.setUp(by: actor)
            connection.context.log.info("woocommerce.connected", ["host": .init(found.host)])
            return connection.context.pages.redirect(to: Self.path, saying: "notice.shop_connected", context)
        } catch let error as ConnectError {
            return try refuse(form, error.field, error.word, request, context)
        } catch let error as ShopError {
            if error.concernsKeys || error.kind == .forbidden {
                try forgetKeys(by: actor)
                return try refuse(form, "consumer_key", error.word, request, context)
            }
            return try refuse(form, "address", error.word, request, context)
        }
    }

    /// Keys that the shop has just refused are of no use to anybody.
    private func forgetKeys(by actor: String) throws {
        try connection.context.settingsWriter.change(
            [WooCommerceSettings.consumerKey.key: "", WooCommerceSettings.consumerSecret.key: ""], by: actor)
    }

    private func refuse(
        _ form: ConnectForm, _ field: String, _ word: Word, _ request: Request, _ context: Context
    ) throws -> Response {
        var model = try model(context)
        model.form = form
        model.errors = [FormError(field, word)]
        model.trouble = nil
        return try page.respond(model, 422, request, context)
    }

    // MARK: Drawing

    private func model(_ context: Context) throws -> ShopModel {
        let settings = connection.context.settings
        let record = try connection.record()
        let store = settings[WooCommerceSettings.storeURL]
        let (made, heard, poll) = try connection.context.tables.read { tx in
            (
                try MadeTable.all(.webhook, in: tx), try HeardTable.all(in: tx),
                try PollState.find(store: store, in: tx)
            )
        }
        var model = ShopModel(
            form: ConnectForm(address: settings[WooCommerceSettings.storeURL]),
            publicURL: connection.context.site().publicURL)
        if case .user(_, _, let role, _) = context.caller { model.canChange = role == .owner }
        model.hasKeys = connection.hasKeys
        model.keyEnding = settings[WooCommerceSettings.consumerKey].map { String($0.reveal().suffix(4)) }
        model.authorizeURL = model.hasKeys ? nil : try keys.address()
        model.record = record
        if let record {
            model.offer = SiteOffer(record.facts, store: record.store).differences(from: connection.context.site())
        }
        model.trouble = record?.trouble?.asWord ?? unreadableKeys
        model.reach = connection.reach
        model.hooks = made.map { ShopModel.Hook(made: $0, heard: heard[$0.externalID]) }
        model.ping = record?.pingedBy.map { heard[$0]?.pingedAt != nil }
        model.poll = settings[WooCommerceSettings.poll]
        model.polledAt = poll?.succeededAt
        return model
    }

    private var unreadableKeys: Word? {
        let keys = [WooCommerceSettings.consumerKey.key, WooCommerceSettings.consumerSecret.key]
        return connection.context.settings.unreadable(keys).isEmpty ? nil : Word("shop.error.keys_unreadable")
    }
}
