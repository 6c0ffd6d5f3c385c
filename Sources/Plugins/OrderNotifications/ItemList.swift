import Core
import Domain
import Templating

/// What was ordered, in as many words as there is room for: `2 × Mug, 1 × Tea and 4 more`.
struct ItemList {
    /// How the items stand beside each other.
    enum Form {
        /// Each in a line of its own, for free text.
        case lines
        /// Behind each other, for a template's parameter, which takes no line break.
        case row
    }

    /// A list and how much of it there is.
    struct Fitted: Equatable {
        var text: String
        var shown: Int
    }

    /// More than this help nobody on a phone.
    private static let mostShown = 20

    private let names: [String]
    private let words: any TemplateWords

    init(_ items: [OrderItem], _ words: any TemplateWords) {
        names = items.map { "\(words.number(Int64($0.quantity))) × \($0.name)" }
        self.words = words
    }

    var count: Int { names.count }

    /// As many whole items as fit. A name is cut only where it alone is too long.
    /// - Parameter room: in characters.
    func fitted(_ form: Form, room: Int) -> Fitted {
        var shown = names.count > Self.mostShown ? Self.mostShown - 1 : names.count
        while shown > 1 {
            let text = text(shown, form)
            if text.count <= room { return Fitted(text: text, shown: shown) }
            shown -= 1
        }
        guard let first = names.first else { return Fitted(text: "", shown: 0) }
        let rest = more(after: 1, form)
        return Fitted(text: first.cut(to: max(1, room - rest.count)) + rest, shown: 1)
    }

    private func text(_ shown: Int, _ form: Form) -> String {
        names.prefix(shown).joined(separator: form == .lines ? "\n" : ", ") + more(after: shown, form)
    }

    private func more(after shown: Int, _ form: Form) -> String {
        let rest = names.count - shown
        if rest <= 0 { return "" }
        return (form == .lines ? "\n" : " ") + words.text("rule.more_items", ["count": .number(Int64(rest))])
    }
}

extension String {
    /// With an ellipsis in the place of what is too much.
    /// - Parameter length: in characters, at least 1.
    func cut(to length: Int) -> String {
        count <= length ? self : prefix(length - 1) + "…"
    }
}
