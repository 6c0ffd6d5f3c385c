import Core

/// The rule that a time zone file gives for all years after its table: POSIX `TZ` with the extensions of RFC 9636,
/// section 3.3.1 (`CET-1CEST,M3.5.0,M10.5.0/3`; hours of a change from -167 to 167).
struct PosixTimeZone: Sendable {
    /// Seconds east of UTC.
    private let standard: Int
    /// Nil where the clocks never change.
    private let summer: Summer?

    private struct Summer {
        let offset: Int
        let begin: Change
        let end: Change
    }

    /// A day of the year and the seconds of local time after its midnight.
    private struct Change {
        enum Day {
            /// 1 to 365; 29 February is never counted.
            case julian(Int)
            /// 0 to 365; 29 February counts.
            case dayOfYear(Int)
            /// Week 1 to 5 (5: the last), weekday 0 (Sunday) to 6.
            case weekday(month: Int, week: Int, weekday: Int)
        }
        let day: Day
        let time: Int
    }

    init?(_ text: String) {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        guard scanner.name(), let west = scanner.time() else { return nil }
        standard = -west
        guard !scanner.rest.isEmpty else {
            summer = nil
            return
        }
        guard scanner.name() else { return nil }
        var offset = standard + 3600
        if scanner.rest.first != UInt8(ascii: ",") {
            guard let west = scanner.time() else { return nil }
            offset = -west
        }
        guard let begin = Self.change(&scanner), let end = Self.change(&scanner), scanner.rest.isEmpty
        else { return nil }
        summer = Summer(offset: offset, begin: begin, end: end)
    }

    /// Seconds east of UTC at a UTC second.
    func offset(at second: Int64) -> Int {
        guard let summer else { return standard }
        let year = CalendarTime(Timestamp(seconds: second + Int64(standard))).year
        let begin = Self.second(of: summer.begin, in: year) - Int64(standard)
        let end = Self.second(of: summer.end, in: year) - Int64(summer.offset)
        // South of the equator summer spans the new year.
        let isSummer = begin < end ? begin <= second && second < end : !(end <= second && second < begin)
        return isSummer ? summer.offset : standard
    }

    /// The local second of a change, as if it were UTC.
    private static func second(of change: Change, in year: Int) -> Int64 {
        let newYear = day(year, 1, 1)
        let isLeap = CalendarTime.days(inMonth: 2, of: year) == 29
        let day: Int64
        switch change.day {
        case .dayOfYear(let n): day = newYear + Int64(n)
        case .julian(let n): day = newYear + Int64(n - 1) + (isLeap && n >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = Self.day(year, month, 1)
            // 1 January 1970 was a Thursday.
            let firstWeekday = Int(((first + 4) % 7 + 7) % 7)
            var date = 1 + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            while date > CalendarTime.days(inMonth: month, of: year) { date -= 7 }
            day = first + Int64(date - 1)
        }
        return day * 86_400 + Int64(change.time)
    }

    /// Days since 1970.
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let time = CalendarTime(year: min(max(year, 0), 9999), month: month, day: day)
        return (time?.timestamp.milliseconds ?? 0) / 86_400_000
    }

    private static func change(_ scanner: inout Scanner) -> Change? {
        guard scanner.take(",") else { return nil }
        let day: Change.Day
        if scanner.take("M") {
            guard let month = scanner.number(1...12), scanner.take("."), let week = scanner.number(1...5),
                scanner.take("."), let weekday = scanner.number(0...6)
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else if scanner.take("J") {
            guard let number = scanner.number(1...365) else { return nil }
            day = .julian(number)
        } else {
            guard let number = scanner.number(0...365) else { return nil }
            day = .dayOfYear(number)
        }
        guard scanner.take("/") else { return Change(day: day, time: 2 * 3600) }
        return scanner.time().map { Change(day: day, time: $0) }
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard let byte = rest.first, Unicode.Scalar(byte) == character else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { (48...57).contains($0) }
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
            return range.contains(value) ? value : nil
        }

        /// `CET`, or anything in `<…>`; only its end matters.
        mutating func name() -> Bool {
            if take("<") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
                rest = rest[(end + 1)...]
                return true
            }
            let letters = rest.prefix { (65...90).contains($0) || (97...122).contains($0) }
            rest = rest.dropFirst(letters.count)
            return letters.count >= 3
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time() -> Int? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard let hours = number(0...167) else { return nil }
            var seconds = hours * 3600
            for unit in [60, 1] where take(":") {
                guard let value = number(0...59) else { return nil }
                seconds += value * unit
            }
            return isNegative ? -seconds : seconds
        }
    }
}
