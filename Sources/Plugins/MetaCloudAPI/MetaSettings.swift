package import Core
package import PluginKit

/// The settings of `meta.*`.
package enum MetaSettings {
    package static let phoneNumberID = Setting.text("meta.phone_number_id", digits, tab: tab)
    package static let wabaID = Setting.text("meta.waba_id", digits, tab: tab)
    package static let accessToken = Setting.secret("meta.access_token", tab: tab)
    /// Signs what Meta sends us.
    package static let appSecret = Setting.secret("meta.app_secret", tab: tab)
    /// Meta repeats it when it checks the webhook's address.
    package static let verifyToken = Setting.secret("meta.verify_token", tab: tab)
    package static let graphURL = Setting.text("meta.graph_url", .url, default: "https://graph.facebook.com", tab: tab)
    /// Decides how calls and webhooks look. A version lives about two years.
    package static let graphVersion = Setting.text(
        "meta.graph_version", .text(maximum: 16), default: "v25.0", tab: tab)
    /// What Meta grants a number by default; 1,000 after an upgrade.
    package static let messagesPerSecond = Setting.integer(
        "meta.messages_per_second", 1...1000, default: 80, tab: tab)

    package static let declarations: [SettingDeclaration] = [
        phoneNumberID.declaration, wabaID.declaration, accessToken.declaration, appSecret.declaration,
        verifyToken.declaration, graphURL.declaration, graphVersion.declaration, messagesPerSecond.declaration,
    ]

    private static let tab = "meta"

    /// What Meta calls an ID. A phone number or a name in its place would be found out only when a message fails.
    private static let digits = SettingKind.custom { text throws(SettingProblem) in
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw SettingProblem("digits")
        }
        return text
    }
}
