import Core
import PluginKit

/// What follows in the shop, and in what is told, when somebody changes the plugin's settings.
struct SettingsWatch: Sendable {
    let connection: ShopConnection

    var hook: HookRegistration {
        Hooks.settingsChanged.on { [self] change in
            let context = connection.context
            // Nobody asks the shop any more, so nothing can be wrong with asking.
            if change.keys.contains(WooCommerceSettings.poll.key), context.settings[WooCommerceSettings.poll] == nil {
                context.alerts.close(PollJob.alert)
            }
            if change.keys.contains(WooCommerceSettings.webhookSecret.key) { try passSecretOn() }
        }
    }

    /// The shop goes on signing with the former secret until its webhooks are told the new one.
    private func passSecretOn() throws {
        let tables = connection.context.tables
        guard connection.hasKeys, try tables.read({ tx in try !MadeTable.all(.webhook, in: tx).isEmpty }) else {
            return
        }
        try connection.context.jobs.enqueue(
            ShopConnection.setUpJob, payload: "", dedupe: ShopConnection.setUpJob, delay: .zero)
    }
}
