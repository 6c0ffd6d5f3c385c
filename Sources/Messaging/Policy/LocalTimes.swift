import Core
import Domain
import PluginKit
import Text

/// Quiet hours in each recipient's own time.
struct LocalTimes: Sendable {
    private let quietHours: QuietHours?
    private let siteZone: String

    init(settings: any SettingsReader, site: Site) {
        quietHours = settings[MessagingSettings.quietHours]
        siteZone = site.timeZone
    }

    /// When the quiet hours end that hold now in `zone`; nil outside them. A zone that is not known is taken as the
    /// site's, and that as UTC.
    func quietUntil(zone: String?, at now: Timestamp) -> Timestamp? {
        guard let quietHours else { return nil }
        let rules = zone.flatMap { try? TimeZoneRules.named($0) } ?? (try? TimeZoneRules.named(siteZone))
        guard let rules = rules ?? (try? TimeZoneRules.named("UTC")),
            quietHours.contains(rules.minuteOfDay(at: now))
        else { return nil }
        return rules.next(minuteOfDay: quietHours.to, after: now)
    }
}
