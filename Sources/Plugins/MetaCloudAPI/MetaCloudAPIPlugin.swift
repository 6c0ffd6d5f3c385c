package import PluginKit

/// WhatsApp by Meta's own Cloud API: sends messages, takes in what Meta reports, and keeps the templates known.
package struct MetaCloudAPIPlugin: Plugin {
    /// How the channel, the endpoint of its deliveries and the settings are called.
    package static let id = "meta"

    package init() {}

    package var declaration: PluginDeclaration {
        PluginDeclaration(
            id: Self.id, name: "Meta Cloud API", version: "1.0.0", permissions: [.templates, .deliveries], isCore: true,
            settings: MetaSettings.declarations, channels: [Self.id],
            hosts: [
                OutsideHost(
                    address: .setting(MetaSettings.graphURL.key), sends: "meta.host.sends", when: "meta.host.when",
                    termsURL: "https://www.whatsapp.com/legal/business-terms",
                    privacyURL: "https://www.whatsapp.com/legal/business-data-processing-terms")
            ])
    }

    package func parts(_ context: PluginContext) throws -> PluginParts {
        let channel = MetaChannel(settings: context.settings, http: context.http, clock: context.clock)
        var parts = PluginParts()
        parts.channels = [channel]
        parts.routes = MetaWebhook(settings: context.settings, deliveries: context.deliveries).routes
        parts.deliveryReaders = [DeliveryReader(endpoint: Self.id, read: MetaDelivery.meaning)]
        parts.checks = [NumberCheck(settings: context.settings, http: context.http).check]
        return parts
    }
}
