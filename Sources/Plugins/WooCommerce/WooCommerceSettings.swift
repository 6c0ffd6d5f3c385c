package import Core
package import PluginKit

/// How to reach the shop, and by what its webhooks are known.
///
/// Address and keys are asked for by `/admin/shop`, which looks at once whether they work. Here stands what may be
/// changed by itself.
package enum WooCommerceSettings {
    package static let storeURL = Setting.text("woocommerce.store_url", .url, tab: nil)
    package static let consumerKey = Setting.secret("woocommerce.consumer_key", tab: nil)
    package static let consumerSecret = Setting.secret("woocommerce.consumer_secret", tab: nil)
    package static let webhookSecret = Setting.secret("woocommerce.webhook_secret", tab: "woocommerce")
    package static let poll = Setting.duration("woocommerce.poll", allowsOff: true, default: "5m", tab: "woocommerce")

    /// The host's own settings, read here: what an order or note first seen may be old, and what is sent at all.
    static let firstSightWindow = Setting.duration("orders.first_sight_window", default: "24h", tab: nil)
    static let rules = Setting.text("orders.rules", default: "[]", tab: nil)

    package static let declarations: [SettingDeclaration] = [
        storeURL.declaration, consumerKey.declaration, consumerSecret.declaration, webhookSecret.declaration,
        poll.declaration,
    ]
}
