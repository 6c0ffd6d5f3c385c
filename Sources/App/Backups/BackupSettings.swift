package import Core
package import PluginKit

/// How often the house backs itself up, and how many backups it keeps.
package enum BackupSettings {
    package static let schedule = Setting<Timestamp.Span?>(
        SettingDeclaration(
            key: "backup.schedule", kind: .choice(["off", "hourly", "daily", "weekly"]), defaultText: "daily",
            tab: "keeping")
    ) { text in
        switch text {
        case "hourly": .hours(1)
        case "daily": .days(1)
        case "weekly": .days(7)
        default: nil
        }
    }
    package static let keep = Setting.integer("backup.keep", 1...1000, default: 7, tab: "keeping")

    package static let declarations: [SettingDeclaration] = [schedule.declaration, keep.declaration]
}
