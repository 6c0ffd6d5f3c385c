package import Core
package import PluginKit

/// How to reach the shop, and by what its webhooks are known.
package enum WooCommerceSettings {
    package static let storeURL = Setting.text("woocommerce.store_url", .url, tab: "woocommerce")
    package static let consumerKey = Setting.secret("woocommerce.consumer_key", tab: "woocommerce")
    package static let consumerSecret = Setting.secret("woocommerce.consumer_secret", tab: "woocommerce")
    package static let webhookSecret = Setting.secret("woocommerce.webhook_secret", tab: "woocommerce")
    package static let poll = Setting.duration("woocommerce.poll", allowsOff: true, default: "5m", tab: "woocommerce")

    package static let declarations: [SettingDeclaration] = [
        storeURL.declaration, consumerKey.declaration, consumerSecret.declaration, webhookSecret.declaration,
        poll.declaration,
    ]
}
