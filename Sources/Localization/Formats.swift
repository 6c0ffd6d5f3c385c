package import Core
import Synchronization

/// How a point in time is written. Names stand for lengths; the order of the parts is the locale's.
package enum DateStyle: Sendable, Hashable, CaseIterable {
    /// Nov 20, 2026
    case short
    /// November 20, 2026
    case long
    /// 3:04 PM
    case time
    /// Nov 20, 2026, 3:04 PM
    case dateTime
}

/// Numbers, money, dates and lists as one locale writes them.
///
/// Also for texts that no catalogue holds, such as a shop owner's own: it needs no PO file of the language.
package final class Formats: Sendable {
    package let tag: LocaleTag

    /// Formatters are dear to make (tens of microseconds) and cheap to use, so each is made once. Those for dates and
    /// relative times keep state while formatting and are used under the lock; the others only fetched under it.
    private let kept = Mutex(Kept())

    private struct Kept {
        var numbers: [String: NumberFormat] = [:]
        var dates: [DateKey: DateFormat] = [:]
        var relative: RelativeFormat?
        var lists: ListFormat?
    }

    private struct DateKey: Hashable {
        let style: DateStyle
        let zone: Zone
    }

    package init(_ tag: LocaleTag) { self.tag = tag }

    package func number(_ value: Int) -> String { number(String(value), skeleton: "") }

    package func number(_ value: Double, decimals: Int) -> String {
        number("\(value)", skeleton: Self.precision(decimals))
    }

    /// A share as a percentage with one decimal where it has one: `0.125` is `12.5%`.
    package func percent(_ ratio: Double) -> String { number("\(ratio)", skeleton: "percent scale/100 .#") }

    /// With the decimals that the currency has by ISO 4217, whatever the locale's habit.
    package func money(_ money: Money) -> String {
        guard money.currency.utf8.count == 3, money.currency.utf8.allSatisfy({ (65...90).contains($0) }) else {
            return "\(money.amount) \(money.currency)"
        }
        let precision = Self.precision(Money.decimals(of: money.currency))
        return number(money.amount, skeleton: "currency/\(money.currency) \(precision)")
    }

    private static func precision(_ decimals: Int) -> String {
        decimals == 0 ? "precision-integer" : "." + String(repeating: "0", count: decimals)
    }

    private func number(_ decimal: String, skeleton: String) -> String {
        let format = kept.withLock { kept in
            if let format = kept.numbers[skeleton] { return Optional(format) }
            let format = NumberFormat(tag, skeleton: skeleton)
            kept.numbers[skeleton] = format
            return format
        }
        return format?.text(decimal) ?? decimal
    }

    package func date(_ time: Timestamp, _ style: DateStyle, _ zone: Zone) -> String {
        let key = DateKey(style: style, zone: zone)
        let text: String? = kept.withLock { kept in
            if let format = kept.dates[key] { return format.text(time) }
            if kept.dates.count >= 256 { kept.dates.removeAll() }
            let format = DateFormat(tag, style, zone)
            kept.dates[key] = format
            return format?.text(time)
        }
        return text ?? time.rfc3339
    }

    /// The distance in its largest whole unit: `5 minutes ago`, `in 2 days`; `now` below a minute.
    package func relative(_ time: Timestamp, to now: Timestamp) -> String {
        let text: String? = kept.withLock { kept in
            let format = kept.relative ?? RelativeFormat(tag)
            kept.relative = format
            return format?.text(time - now)
        }
        return text ?? time.rfc3339
    }

    package func list(_ items: [String]) -> String {
        let format = kept.withLock { kept in
            let format = kept.lists ?? ListFormat(tag)
            kept.lists = format
            return format
        }
        return format?.text(items) ?? items.joined(separator: ", ")
    }
}
