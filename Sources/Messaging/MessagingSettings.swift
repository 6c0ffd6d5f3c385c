package import Core
package import PluginKit

/// The settings that the ledger and its policy read.
package enum MessagingSettings {
    package static let channel = Setting.text(
        "sending.channel", .choice(["sandbox", "meta"]), default: "sandbox", tab: "sending")
    package static let paused = Setting.flag("sending.paused", default: false, tab: "sending")
    package static let quietHours = Setting<QuietHours?>(
        SettingDeclaration(key: "sending.quiet_hours", kind: .quietHours, defaultText: "off", tab: "sending")
    ) { QuietHours(setting: $0) }
    package static let frequencyCap = Setting<FrequencyCap?>(
        SettingDeclaration(key: "sending.frequency_cap", kind: .frequencyCap, defaultText: "off", tab: "sending")
    ) { FrequencyCap(setting: $0) }
    package static let unconfirmedAfter = Setting.duration(
        "sending.unconfirmed_after", allowsOff: true, default: "15m", tab: "sending")
    package static let resendUnknown = Setting.flag("sending.resend_unknown", default: true, tab: "sending")
    package static let maxAge = Setting.duration("sending.max_age", allowsOff: true, default: "24h", tab: "sending")
    package static let ordersConsent = Setting.text(
        "orders.consent", .choice(["required", "legitimate_interest"]), default: "required", tab: "orders")
    package static let consentWait = Setting.duration("orders.consent_wait", default: "10m", tab: "orders")

    package static let declarations: [SettingDeclaration] = [
        channel.declaration, paused.declaration, quietHours.declaration, frequencyCap.declaration,
        unconfirmedAfter.declaration, resendUnknown.declaration, maxAge.declaration, ordersConsent.declaration,
        consentWait.declaration,
    ]
}
