/// What a person reads or hears of an HTML page: the text between the tags, and the attributes that are shown or spoken.
///
/// For finding text that did not come from the catalogue: in a template, once its tags are blanked, no letter may be
/// left; in a page rendered with the pseudo-locale, none outside the brackets `⟦…⟧` but those of the data.
package struct VisibleText: Sendable, Equatable {
    package let text: String
    /// From 1.
    package let line: Int

    package init(text: String, line: Int) {
        self.text = text
        self.line = line
    }

    /// The pieces of a page, in order, without entities and surrounding space; empty ones are left out.
    package static func pieces(ofPage html: String) -> [VisibleText] {
        var scanner = Scanner(html)
        scanner.scan()
        return scanner.pieces
    }

    /// The pieces that a template holds by itself: all that is not a tag in braces.
    package static func pieces(ofTemplate template: String) -> [VisibleText] {
        pieces(ofPage: blanked(template, from: "{{", to: "}}"))
    }

    /// The pieces of a page rendered with the pseudo-locale that hold letters outside the brackets.
    package static func escaped(fromCatalogueIn html: String, data: Set<String> = []) -> [VisibleText] {
        pieces(ofPage: blanked(html, from: "⟦", to: "⟧")).filter { piece in
            piece.text.contains(where: \.isLetter) && !data.contains(piece.text)
        }
    }

    /// The text with everything between the marks turned into spaces, marks within marks included; lines stay.
    private static func blanked(_ text: String, from open: String, to close: String) -> String {
        var output = ""
        var rest = text[...]
        var depth = 0
        while !rest.isEmpty {
            if rest.hasPrefix(open) {
                depth += 1
                rest = rest.dropFirst(open.count)
            } else if depth > 0, rest.hasPrefix(close) {
                depth -= 1
                rest = rest.dropFirst(close.count)
            } else if let character = rest.popFirst(), depth == 0 || character.isNewline {
                output.append(character)
            }
        }
        return output
    }

    private static let shown: Set<String> = ["title", "alt", "placeholder", "aria-label", "aria-description", "label"]

    private struct Scanner {
        private var rest: Substring
        private var line = 1
        var pieces: [VisibleText] = []

        init(_ html: String) { rest = html[...] }

        mutating func scan() {
            while !rest.isEmpty {
                if rest.hasPrefix("<!--") {
                    _ = take(past: "-->")
                } else if rest.hasPrefix("<"), let next = rest.dropFirst().first, next.isLetter || "/!".contains(next) {
                    tag()
                } else {
                    let startLine = line
                    let text = take { $0 != "<" }
                    add(text.isEmpty ? take(1) : text, startLine)
                }
            }
        }

        private mutating func tag() {
            _ = take(1)
            let name = take { !$0.isWhitespace && $0 != ">" }.lowercased()
            while let next = rest.first, next != ">" {
                if next.isWhitespace || next == "/" || next == "=" {
                    _ = take(1)
                } else {
                    attribute()
                }
            }
            _ = take(1)
            if name == "script" || name == "style" { _ = take(past: "</\(name)>") }
        }

        private mutating func attribute() {
            let startLine = line
            let name = take { !$0.isWhitespace && !"=>/".contains($0) }.lowercased()
            guard !name.isEmpty else {
                _ = take(1)
                return
            }
            guard rest.hasPrefix("=") else { return }
            _ = take(1)
            var value = ""
            if let quote = rest.first, quote == "\"" || quote == "'" {
                _ = take(1)
                value = take { $0 != quote }
                _ = take(1)
            } else {
                value = take { !$0.isWhitespace && $0 != ">" }
            }
            if VisibleText.shown.contains(name) { add(value, startLine) }
        }

        private mutating func add(_ text: String, _ line: Int) {
            let words = text.replacing(/&#?[A-Za-z0-9]+;/, with: " ").split(whereSeparator: \.isWhitespace)
            if !words.isEmpty { pieces.append(VisibleText(text: words.joined(separator: " "), line: line)) }
        }

        private mutating func take(while condition: (Character) -> Bool) -> String {
            let taken = rest.prefix(while: condition)
            return take(taken.count)
        }

        private mutating func take(past end: String) -> String {
            take(rest.firstRange(of: end).map { rest.distance(from: rest.startIndex, to: $0.upperBound) } ?? rest.count)
        }

        private mutating func take(_ count: Int) -> String {
            let taken = rest.prefix(count)
            line += taken.count { $0.isNewline }
            rest = rest.dropFirst(count)
            return String(taken)
        }
    }
}
