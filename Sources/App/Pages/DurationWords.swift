import Core
import Templating

extension TemplateWords {
    private static var units: [(key: String, milliseconds: Int64)] {
        [("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000), ("seconds", 1000)]
    }

    /// A span as it was set, in its largest whole unit: `30 days`.
    func duration(_ span: Timestamp.Span) -> String {
        let (key, count) = whole(span)
        return text("duration." + key, ["count": .number(count)])
    }

    /// How often something is done: `every day`, `every 5 minutes`.
    func each(_ span: Timestamp.Span) -> String {
        let (key, count) = whole(span)
        return text("each." + key, ["count": .number(count)])
    }

    /// How long something took, rounded to its largest unit: `3 minutes`, `less than a second`.
    func took(_ span: Timestamp.Span) -> String {
        guard span.milliseconds >= 1000,
            let (key, length) = Self.units.first(where: { span.milliseconds >= $0.milliseconds })
        else { return text("duration.no_second", [:]) }
        return text("duration." + key, ["count": .number((span.milliseconds + length / 2) / length)])
    }

    private func whole(_ span: Timestamp.Span) -> (unit: String, count: Int64) {
        let unit = Self.units.first {
            span.milliseconds >= $0.milliseconds && span.milliseconds % $0.milliseconds == 0
        }
        let (key, length) = unit ?? ("seconds", 1000)
        return (key, span.milliseconds / length)
    }
}
