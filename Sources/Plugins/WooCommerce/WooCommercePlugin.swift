import Domain
import HTTP
package import PluginKit

/// The shop: takes WooCommerce's webhooks and reads out of them what the shop tells.
package struct WooCommercePlugin: Plugin {
    package init() {}

    package var declaration: PluginDeclaration {
        PluginDeclaration(
            id: "woocommerce", name: "WooCommerce", version: "1.0.0", isCore: true,
            settings: WooCommerceSettings.declarations, migrations: [.poll],
            hosts: [
                OutsideHost(
                    address: .setting(WooCommerceSettings.storeURL.key), sends: "woocommerce.host.sends",
                    when: "woocommerce.host.when")
            ])
    }

    package func parts(_ context: PluginContext) throws -> PluginParts {
        let webhook = ShopWebhook(settings: context.settings, deliveries: context.deliveries)
        var parts = PluginParts()
        parts.routes = [
            Route(.post, "/hooks/woocommerce", .public, bodyLimit: ShopWebhook.bodyLimit) { request, _ in
                try webhook.answer(request)
            }
        ]
        parts.deliveryReaders = [
            DeliveryReader(endpoint: ShopWebhook.endpoint) { delivery in
                guard delivery.topic == NoteDelivery.topic else {
                    return ShopDelivery.meaning(delivery, currency: context.site().currency)
                }
                return NoteDelivery.meaning(delivery, canAsk: (try? ShopAccess(context.settings)) != nil)
            }
        ]
        let client = ShopClient(settings: context.settings, http: context.http, clock: context.clock)
        parts.jobs = [
            PollJob(client: client, context: context).declaration,
            NotesJob(client: client, context: context).declaration,
        ]
        return parts
    }
}
