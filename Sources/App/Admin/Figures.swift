import Core
import Domain
import HTTP
import Localization
import PluginKit
import SQL
import Store
import Templating

/// One figure with what it was before, and the way to what is behind it: `admin/parts/stat`.
struct Stat: TemplateModel {
    var label: Word
    var figure: String
    var compare: Word?
    var tone: Pill.Tone
    var href: String

    static let fields: [Field<Self>] = [
        .word("label") { $0.label }, .text("figure") { $0.figure }, .word("compare") { $0.compare },
        .text("tone") { $0.tone.rawValue }, .text("href") { $0.href }, .word("behind") { _ in Word("stat.behind") },
    ]
}

/// The messages of the last seven days beside those of the seven before, by when they were planned.
struct Figures {
    /// Beyond this the week is not counted to its end.
    private static let cap = 10_000
    private static let week = Timestamp.Span.days(7)

    private struct Kind {
        var figure: MessageFigure
        var view: String
        /// Whether more of it is good news.
        var isWanted: Bool
    }

    private static let kinds = [
        Kind(figure: .sent, view: "", isWanted: true),
        Kind(figure: .delivered, view: "delivered", isWanted: true),
        Kind(figure: .read, view: "delivered", isWanted: true),
        Kind(figure: .failed, view: "failed", isWanted: false),
        Kind(figure: .notSent, view: "not_sent", isWanted: false),
    ]

    private let words: any TemplateWords
    private let zone: String
    private let counts: RememberedCounts

    init(_ words: any TemplateWords, zone: String, counts: RememberedCounts) {
        self.words = words
        self.zone = zone
        self.counts = counts
    }

    func stats(at now: Timestamp, in tx: any ReadTransaction) throws -> [Stat] {
        let since = now - Self.week
        return try Self.kinds.map { kind in
            let name = kind.figure.rawValue
            let count = try counts.count(name, at: now) {
                try kind.figure.count(from: since, to: nil, cap: Self.cap, in: tx)
            }
            let before = try counts.count(name + " before", at: now) {
                try kind.figure.count(from: since - Self.week, to: since, cap: Self.cap, in: tx)
            }
            let isComparable = max(count, before) <= Self.cap
            return Stat(
                label: Word("stat." + kind.figure.rawValue), figure: words.capped(count, at: Self.cap),
                compare: isComparable ? Self.comparison(count, before) : nil,
                tone: Self.tone(count - before, kind), href: href(kind, since))
        }
    }

    private static func comparison(_ count: Int, _ before: Int) -> Word? {
        switch count - before {
        case 0: before == 0 ? nil : Word("stat.same")
        case let more where more > 0: Word("stat.more", ["count": .number(Int64(more))])
        case let fewer: Word("stat.fewer", ["count": .number(Int64(-fewer))])
        }
    }

    private static func tone(_ change: Int, _ kind: Kind) -> Pill.Tone {
        change == 0 ? .idle : (change > 0) == kind.isWanted ? .good : .bad
    }

    private func href(_ kind: Kind, _ since: Timestamp) -> String {
        let day = (Zone(zone) ?? .utc).localTime(of: since)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let query = [("status", kind.view), ("since", "\(day.year)-\(two(day.month))-\(two(day.day))")]
        return "/admin/messages?" + URLEncoding.encode(query.filter { !$0.1.isEmpty })
    }
}
