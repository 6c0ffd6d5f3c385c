package import Core

/// The `Retry-After` field (RFC 9110, 10.2.3): seconds, or a date in any of HTTP's three forms.
package enum RetryAfter {
    /// Nil for what is neither. A date that has passed is zero.
    package static func parse(_ field: String, now: Timestamp) -> Timestamp.Span? {
        if field.utf8.allSatisfy({ !separators.contains($0) }) { return seconds(field) }
        return date(field).map { max($0 - now, .zero) }
    }

    /// A date in any of HTTP's three forms (RFC 9110, 5.6.7); nil for anything else.
    package static func date(_ field: String) -> Timestamp? {
        date(field.utf8.split { separators.contains($0) }.map { String(Substring($0)) })
    }

    private static let separators = Array(" ,-".utf8)

    private static func seconds(_ word: String) -> Timestamp.Span? {
        guard word.utf8.count <= 10, word.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(word).map { .seconds($0) }
    }

    /// `Sun 06 Nov 1994 08:49:37 GMT`, `Sunday 06 Nov 94 08:49:37 GMT` or `Sun Nov 6 08:49:37 1994`, commas and
    /// hyphens already taken out.
    private static func date(_ words: [String]) -> Timestamp? {
        switch words.count {
        case 6 where words[5] == "GMT": civil(day: words[1], month: words[2], year: words[3], time: words[4])
        case 5: civil(day: words[2], month: words[1], year: words[4], time: words[3])
        default: nil
        }
    }

    private static func civil(day: String, month: String, year: String, time: String) -> Timestamp? {
        let clock = time.split(separator: ":").map { Int($0) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            let day = Int(day), let month = months.firstIndex(of: month), let year = Int(year)
        else { return nil }
        // Two digits are the obsolete form; none of its senders means the last century any more.
        return CalendarTime(
            year: year < 100 ? 2000 + year : year, month: month + 1, day: day, hour: hour, minute: minute,
            second: second)?.timestamp
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
