import PluginKit

/// Settings as they would be after a change that is not made yet.
struct ProposedSettings: SettingsReader {
    private let settings: SettingsHub
    /// In their normal form; an empty one takes a setting back to its default.
    private let texts: [String: String]

    /// Nil where a value would be refused.
    init?(_ changes: [String: String], over settings: SettingsHub) {
        var texts: [String: String] = [:]
        // What the command line says stays in force.
        for (key, text) in changes where !settings.isOverridden(key) {
            guard let text = try? settings.declaration(key)?.kind.check(text) else { return nil }
            texts[key] = text
        }
        self.settings = settings
        self.texts = texts
    }

    subscript<Value>(_ setting: Setting<Value>) -> Value {
        guard let text = texts[setting.key] else { return settings[setting] }
        return setting.decode(text.isEmpty ? setting.declaration.defaultText : text)
    }

    func isStored(_ key: String) -> Bool { texts[key].map { !$0.isEmpty } ?? settings.isStored(key) }

    func unreadable(_ keys: [String]) -> [String] { settings.unreadable(keys.filter { texts[$0] == nil }) }
}
