/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, as every table stores it.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { self.milliseconds = seconds * 1000 }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: Timestamp, b: Span) -> Timestamp {
        Timestamp(milliseconds: a.milliseconds + b.milliseconds)
    }
    package static func - (a: Timestamp, b: Span) -> Timestamp {
        Timestamp(milliseconds: a.milliseconds - b.milliseconds)
    }
    package static func - (a: Timestamp, b: Timestamp) -> Span {
        Span(milliseconds: a.milliseconds - b.milliseconds)
    }
}

extension Timestamp {
    /// A length of time in whole milliseconds.
    package struct Span: Sendable, Hashable, Comparable {
        package var milliseconds: Int64

        package init(milliseconds: Int64) { self.milliseconds = milliseconds }
        package static func milliseconds(_ n: Int64) -> Span { Span(milliseconds: n) }
        package static func seconds(_ n: Int64) -> Span { Span(milliseconds: n * 1000) }
        package static func minutes(_ n: Int64) -> Span { .seconds(n * 60) }
        package static func hours(_ n: Int64) -> Span { .minutes(n * 60) }
        package static func days(_ n: Int64) -> Span { .hours(n * 24) }
        package static let zero = Span(milliseconds: 0)

        package static func < (a: Span, b: Span) -> Bool { a.milliseconds < b.milliseconds }
        package static func + (a: Span, b: Span) -> Span { Span(milliseconds: a.milliseconds + b.milliseconds) }
        package static func - (a: Span, b: Span) -> Span { Span(milliseconds: a.milliseconds - b.milliseconds) }
        package static func * (a: Span, n: Int64) -> Span { Span(milliseconds: a.milliseconds * n) }
    }
}
