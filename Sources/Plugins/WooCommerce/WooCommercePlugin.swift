package import PluginKit
import HTTP

/// The shop: takes WooCommerce's webhooks and reads orders out of them.
package struct WooCommercePlugin: Plugin {
    package init() {}

    package var declaration: PluginDeclaration {
        PluginDeclaration(
            id: "woocommerce", name: "WooCommerce", version: "1.0.0", isCore: true,
            settings: WooCommerceSettings.declarations,
            hosts: [
                OutsideHost(
                    address: .setting(WooCommerceSettings.storeURL.key), sends: "woocommerce.host.sends",
                    when: "woocommerce.host.when")
            ])
    }

    package func parts(_ context: PluginContext) throws -> PluginParts {
        let webhook = OrderWebhook(settings: context.settings, deliveries: context.deliveries)
        var parts = PluginParts()
        parts.routes = [
            Route(.post, "/hooks/woocommerce", .public, bodyLimit: OrderWebhook.bodyLimit) { request, _ in
                try webhook.answer(request)
            }
        ]
        parts.deliveryReaders = [DeliveryReader(endpoint: OrderWebhook.endpoint, read: OrderDelivery.meaning)]
        return parts
    }
}
