import Messaging
import PluginKit
import Store

/// The settings as messages see them: a copy that plays with the sandbox phone has that for its channel, and what the
/// owner has chosen for the live shop stays as it is.
struct HeldSettings: SettingsReader {
    /// The channel that a copy may play with.
    static let sandbox = "sandbox"

    let settings: SettingsHub
    let instance: InstanceDesk

    subscript<Value>(_ setting: Setting<Value>) -> Value {
        guard setting.key == MessagingSettings.channel.key, instance.hold?.word == .sandboxedCopy else {
            return settings[setting]
        }
        return setting.decode(Self.sandbox)
    }

    func isStored(_ key: String) -> Bool { settings.isStored(key) }
    func unreadable(_ keys: [String]) -> [String] { settings.unreadable(keys) }
}
