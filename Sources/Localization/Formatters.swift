import CLocale
import Core

// Owners of one ICU formatter each; nil where ICU cannot make it.

/// Sendable because ICU's number formatter never changes after it is opened.
final class NumberFormat: @unchecked Sendable {
    private let handle: OpaquePointer

    /// - Parameter skeleton: ICU's number skeleton, such as `currency/EUR .00`.
    init?(_ tag: LocaleTag, skeleton: String) {
        guard let handle = cl_numbers_open(tag.description, skeleton) else { return nil }
        self.handle = handle
    }

    deinit { cl_numbers_close(handle) }

    func text(_ decimal: String) -> String? { localeText { cl_numbers_format(handle, decimal, $0, $1) } }
}

/// Sendable because ICU's list formatter never changes after it is opened.
final class ListFormat: @unchecked Sendable {
    private let handle: OpaquePointer

    init?(_ tag: LocaleTag) {
        guard let handle = cl_lists_open(tag.description) else { return nil }
        self.handle = handle
    }

    deinit { cl_lists_close(handle) }

    func text(_ items: [String]) -> String? {
        withCStrings(items) { pointers in
            localeText { cl_lists_format(handle, pointers, Int32(items.count), $0, $1) }
        }
    }

    private func withCStrings<Result>(
        _ items: [String], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = items.map { Array($0.utf8CString) }
        var pointers: [UnsafePointer<CChar>?] = []
        func descend(_ index: Int) -> Result {
            guard index < copies.count else { return body(pointers) }
            return copies[index].withUnsafeBufferPointer { buffer in
                pointers.append(buffer.baseAddress)
                return descend(index + 1)
            }
        }
        return descend(0)
    }
}

/// For one thread at a time: ICU computes in the formatter's own calendar.
final class DateFormat {
    private let handle: OpaquePointer

    init?(_ tag: LocaleTag, _ style: DateStyle, _ zone: Zone) {
        let date =
            switch style {
            case .short, .dateTime: cl_date_medium
            case .long: cl_date_long
            case .time: cl_date_none
            }
        let withTime = style == .time || style == .dateTime
        guard let handle = cl_dates_open(tag.description, zone.name, date, withTime) else { return nil }
        self.handle = handle
    }

    deinit { cl_dates_close(handle) }

    /// ICU sets a narrow space before AM and PM that many phones draw as a box; ours is the common no-break space.
    func text(_ time: Timestamp) -> String? {
        localeText { cl_dates_format(handle, time.milliseconds, $0, $1) }?.replacing("\u{202F}", with: "\u{A0}")
    }
}

/// For one thread at a time.
final class RelativeFormat {
    private let handle: OpaquePointer

    init?(_ tag: LocaleTag) {
        guard let handle = cl_relative_open(tag.description) else { return nil }
        self.handle = handle
    }

    deinit { cl_relative_close(handle) }

    func text(_ distance: Timestamp.Span) -> String? {
        let minutes = distance.milliseconds / 60_000
        let days = minutes / 1440
        return switch minutes.magnitude {
        case 0: localeText { cl_relative_now(handle, $0, $1) }
        case 1..<60: text(minutes, cl_minute)
        case 60..<1440: text(minutes / 60, cl_hour)
        case 1440..<(30 * 1440): text(days, cl_day)
        case (30 * 1440)..<(365 * 1440): text(days / 30, cl_month)
        default: text(days / 365, cl_year)
        }
    }

    private func text(_ offset: Int64, _ unit: cl_unit) -> String? {
        localeText { cl_relative_format(handle, offset, unit, $0, $1) }
    }
}
