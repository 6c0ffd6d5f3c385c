import Core
import Domain
import PluginKit
import Store
import Templating

/// What `cartwright instance` says: what this is, why, since when, and what to do. In the words of the page.
struct InstanceReport {
    let instance: Instance?
    let overdue: [OverdueMessages.Group]
    let words: any TemplateWords

    var lines: [String] {
        guard let instance else {
            return ["Nothing has been started here yet: the first serve or worker makes this the live installation."]
        }
        guard let hold = instance.hold else { return live(instance) }
        return held(hold) + facts + waiting + ["What to do:"] + steps(hold).map { "  " + $0 }
    }

    /// One for each purpose.
    static func lines(of overdue: [OverdueMessages.Group], _ words: any TemplateWords) -> [String] {
        overdue.map { group in
            let count = words.text(Word("instance.overdue_count", ["count": .number(Int64(group.count))]))
            let purpose = words.text(Word("purpose." + group.purpose.rawValue))
            return "\(purpose): \(count), \(words.text(Word("instance.oldest"))) \(group.oldest.rfc3339)"
        }
    }

    private func live(_ instance: Instance) -> [String] {
        var lines = ["This is the live installation."]
        if let by = instance.confirmedBy, let at = instance.confirmedAt {
            lines.append("Confirmed by \(by), \(at.rfc3339).")
        }
        return lines + facts
    }

    private func held(_ hold: InstanceHold) -> [String] {
        let state =
            switch hold.word {
            case .none where hold.isMoved: "This database was left behind, and is held"
            case .none: "This may be a copy, and is held"
            case .copy: "This is a copy, and stays held"
            case .sandboxedCopy: "This is a copy whose messages go to the sandbox phone, and stays held"
            }
        return [
            state + " since \(hold.since.rfc3339): nothing goes to people.", words.text(InstancePage.Model.why(hold)),
        ]
    }

    private var facts: [String] {
        InstancePage.FactRow.all(instance).map { row in
            let name = words.text(Word("instance.fact." + row.fact.rawValue))
            guard let here = row.here, here != row.recorded else { return "  \(name): \(row.recorded ?? "–")" }
            return row.recorded.map { "  \(name): \($0), now \(here)" } ?? "  \(name): \(here)"
        }
    }

    private var waiting: [String] {
        guard !overdue.isEmpty else { return [] }
        return [words.text(Word("instance.overdue")) + ":"] + Self.lines(of: overdue, words).map { "  " + $0 }
    }

    private func steps(_ hold: InstanceHold) -> [String] {
        let confirm =
            "cartwright instance confirm"
            + (overdue.isEmpty ? "" : " with --cancel-overdue, --cancel-older or --send-overdue")
        if case .moved(let target) = hold.kind {
            return [
                "stop the server and start it with --database \(target), the password put in",
                "to go on here after all, without what has happened there since: \(confirm)",
            ]
        }
        let live = "if it is the live shop, and the old place is switched off for good: \(confirm)"
        return hold.isKept ? [live] : [live, "if it is a copy: cartwright instance copy"]
    }
}
