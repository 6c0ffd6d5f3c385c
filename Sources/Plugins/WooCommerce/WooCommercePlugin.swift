import Core
import Domain
import HTTP
package import PluginKit

/// The shop: takes WooCommerce's webhooks and reads orders out of them, asks it by REST, and keeps the two connected.
package struct WooCommercePlugin: Plugin {
    /// What the plugin, its endpoint and its tables are called.
    static let id = "woocommerce"

    package init() {}

    package var declaration: PluginDeclaration {
        PluginDeclaration(
            id: Self.id, name: "WooCommerce", version: "1.0.0",
            permissions: [.orders, .contacts, .messages, .deliveries, .settings], isCore: true,
            settings: WooCommerceSettings.declarations,
            menu: [MenuEntry(group: .shop, path: ShopPage.path, word: "menu.shop", place: 5, role: .manager)],
            migrations: [.connection, .poll],
            hosts: [
                OutsideHost(
                    address: .setting(WooCommerceSettings.storeURL.key), sends: "woocommerce.host.sends",
                    when: "woocommerce.host.when")
            ], warning: "notice.woocommerce_off", outside: "woocommerce.outside")
    }

    package func parts(_ context: PluginContext) throws -> PluginParts {
        let client = ShopClient(settings: context.settings, http: context.http, clock: context.clock)
        let connection = ShopConnection(context, client: client)
        let keyRequest = KeyRequest(connection: connection)
        let ear = HookEar(tables: context.tables, clock: context.clock, log: context.log)
        let webhook = ShopWebhook(settings: context.settings, deliveries: context.deliveries, ear: ear)
        let keys = KeysWebhook(request: keyRequest, deliveries: context.deliveries)
        var parts = PluginParts()
        parts.routes = [
            Route(.post, Webhooks.path, .public, bodyLimit: ShopWebhook.bodyLimit) { request, _ in
                try webhook.answer(request)
            },
            Route(.post, KeyRequest.path, .public, bodyLimit: KeysWebhook.bodyLimit) { request, _ in
                try keys.answer(request)
            },
        ]
        parts.routes += try ShopPage(connection, keyRequest).routes
        parts.deliveryReaders = [
            DeliveryReader(endpoint: ShopWebhook.endpoint) { delivery in
                guard delivery.topic == NoteDelivery.topic else {
                    return ShopDelivery.meaning(delivery, currency: context.site().currency)
                }
                return NoteDelivery.meaning(delivery, canAsk: (try? ShopAccess(context.settings)) != nil)
            }
        ]
        let fulfilments = Fulfilments(context, client: client)
        parts.hooks = [fulfilments.watch, SettingsWatch(connection: connection).hook]
        parts.jobs = WatchJob(connection: connection).declarations
        parts.jobs += [
            PollJob(client: client, context: context).declaration,
            NotesJob(client: client, context: context).declaration, fulfilments.job,
        ]
        parts.panels = [try OrderPanel.make(context)]
        return parts
    }

    package func uninstall(_ context: PluginContext) throws {
        let client = ShopClient(settings: context.settings, http: context.http, clock: context.clock)
        try ShopCleaning(client: client, tables: context.tables).run()
    }
}
