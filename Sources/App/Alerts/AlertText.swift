import Domain
import Templating

/// A notice in words: what mail and messages say.
struct AlertText {
    private let words: any TemplateWords
    private let site: Site

    init(_ words: any TemplateWords, site: Site) {
        self.words = words
        self.site = site
    }

    /// One line: the alert itself, or how many there are.
    func subject(_ notice: AlertNotice) -> String {
        guard notice.items.count != 1, let first = notice.items.first else {
            return notice.items.first.map {
                words.text("alert.subject", ["site": .text(site.name), "text": .text(line($0))])
            }
                ?? ""
        }
        let open = notice.items.count { $0.state != .closed }
        if open == 0 {
            return words.text(
                "alert.subject_over", ["site": .text(site.name), "count": .number(Int64(notice.items.count))])
        }
        return words.text(
            "alert.subject_more",
            ["site": .text(site.name), "count": .number(Int64(open)), "text": .text(line(first))])
    }

    /// Every alert with since when and where it is mended, and who to ask about being told.
    func body(_ notice: AlertNotice) -> String {
        let alerts = notice.items.map { item in
            var lines = [line(item)]
            let since: (key: String, at: WordArgument) =
                item.closedAt.map { ("alert.over_since", .time($0)) } ?? ("alert.since", .time(item.openedAt))
            lines.append(words.text(since.key, ["time": since.at]))
            if item.state != .closed { lines.append(site.publicURL + item.href) }
            return lines.joined(separator: "\n")
        }
        let foot = words.text("alert.foot", ["url": .text(site.publicURL + "/admin/settings/alerts")])
        return (alerts + [foot]).joined(separator: "\n\n") + "\n"
    }

    /// `Still: …`, `Over: …`, or the sentence alone.
    func line(_ item: AlertNotice.Item) -> String {
        let sentence = sentence(item)
        return switch item.state {
        case .opened: sentence
        case .still: words.text("alert.still", ["text": .text(sentence)])
        case .closed: words.text("alert.over", ["text": .text(sentence)])
        }
    }

    func sentence(_ item: AlertNotice.Item) -> String {
        let word = Word(item.word, texts: item.arguments)
        return words.text(word.key, word.arguments)
    }
}

extension Word {
    /// Arguments that are kept as texts; `count` is a number and chooses the plural.
    init(_ key: String, texts: [String: String]) {
        var arguments = texts.mapValues { WordArgument.text($0) }
        if let count = texts["count"].flatMap({ Int64($0) }) { arguments["count"] = .number(count) }
        self.init(key, arguments)
    }
}
