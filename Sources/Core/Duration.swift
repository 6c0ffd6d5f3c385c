extension Timestamp.Span {
    /// Reads `<n>s|m|h|d`, the form of every duration in settings. Nil for anything else, also `off`.
    package init?(setting text: String) {
        guard let unit = text.utf8.last, let count = Int64(text.dropLast()), count >= 0, count < 1_000_000
        else { return nil }
        switch unit {
        case UInt8(ascii: "s"): self = .seconds(count)
        case UInt8(ascii: "m"): self = .minutes(count)
        case UInt8(ascii: "h"): self = .hours(count)
        case UInt8(ascii: "d"): self = .days(count)
        default: return nil
        }
    }

    /// The shortest exact form: `90s`, `15m`, `24h`, `7d`.
    package var setting: String {
        let seconds = milliseconds / 1000
        if seconds == 0 { return "0s" }
        if seconds % 86_400 == 0, seconds / 86_400 > 2 { return "\(seconds / 86_400)d" }
        if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}
