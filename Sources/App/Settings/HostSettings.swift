package import Core
package import Domain
import Messaging
package import PluginKit

/// The settings of the host itself: the site, retention, and what the storefront may do.
package enum HostSettings {
    package static let siteName = Setting.text("site.name", default: "My shop", tab: "site")
    package static let siteURL = Setting.text("site.url", .url, tab: "site")
    package static let siteCountry = Setting.text("site.country", .country, default: "US", tab: "site")
    package static let siteLocale = Setting.text("site.locale", .locale, default: "en", tab: "site")
    package static let siteTimeZone = Setting.text("site.timezone", .timeZone, default: "UTC", tab: "site")
    package static let siteCurrency = Setting.text("site.currency", .currency, default: "USD", tab: "site")
    package static let siteKey = Setting.text("site.key", tab: nil, isGenerated: true)
    package static let publicURL = Setting.text("server.public_url", .url, tab: "site")
    package static let firstSightWindow = Setting.duration("orders.first_sight_window", default: "24h", tab: "orders")
    package static let embedOrigins = Setting.list("embed.origins", tab: "storefront")
    package static let deliveriesRetention = Setting.duration(
        "deliveries.retention", allowsOff: true, default: "30d", tab: "keeping")
    package static let textRetention = Setting.duration(
        "messages.text_retention", allowsOff: true, default: "180d", tab: "keeping")

    package static let declarations: [SettingDeclaration] = [
        siteName.declaration, siteURL.declaration, siteCountry.declaration, siteLocale.declaration,
        siteTimeZone.declaration, siteCurrency.declaration, siteKey.declaration, publicURL.declaration,
        firstSightWindow.declaration, embedOrigins.declaration, deliveriesRetention.declaration,
        textRetention.declaration,
    ]

    /// The site as settings stand.
    package static func site(_ settings: any SettingsReader) -> Site {
        Site(
            name: settings[siteName], url: settings[siteURL], country: settings[siteCountry],
            locale: settings[siteLocale], timeZone: settings[siteTimeZone], currency: settings[siteCurrency],
            publicURL: settings[publicURL])
    }
}
