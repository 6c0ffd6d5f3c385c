package import HTTP
package import PluginKit

/// Who is told of alerts, and how.
package enum AlertSettings {
    private static let tab = "alerts"

    package static let emails = Setting(
        SettingDeclaration(key: "alerts.email", kind: .emails(maximum: 10), defaultText: "", tab: tab)
    ) { text in text.split(separator: ",").map(String.init) }
    package static let mailServer = Setting(
        SettingDeclaration(key: "smtp.url", kind: .mailServer, defaultText: "", tab: tab)
    ) { MailServer($0) }
    /// Empty: the user name of the mail server where that is an address, else the first of those who are told.
    package static let from = Setting.text("alerts.from", .emails(maximum: 1), tab: tab)
    package static let webhook = Setting.text("alerts.webhook", .url, tab: tab)
    package static let phone = Setting.text("alerts.phone", .phone, tab: tab)

    package static let declarations: [SettingDeclaration] = [
        emails.declaration, mailServer.declaration, from.declaration, webhook.declaration, phone.declaration,
    ]
}
