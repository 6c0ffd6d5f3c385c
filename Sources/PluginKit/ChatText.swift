/// A message's text as a phone shows it: pieces of one look each, by WhatsApp's own marks
/// (`*bold*`, `_italic_`, `~strike~`, ```` ```mono``` ````), and links.
package enum ChatText {
    package enum Style: String, Sendable {
        case bold, italic, strike, mono, link
    }

    package struct Run: Sendable, Equatable {
        package var text: String
        /// From the outermost mark to the innermost; empty for plain text.
        package var styles: [Style]

        package init(_ text: String, _ styles: [Style] = []) {
            self.text = text
            self.styles = styles
        }
    }

    /// The runs give the text back, but for the marks that were understood.
    package static func runs(_ text: String) -> [Run] {
        var reader = Reader(styles: [])
        reader.read(Array(text)[...])
        return reader.runs
    }

    private static let marks: [Character: Style] = ["*": .bold, "_": .italic, "~": .strike]

    private struct Reader {
        let styles: [Style]
        var runs: [Run] = []
        private var plain = ""

        init(styles: [Style]) { self.styles = styles }

        mutating func read(_ text: ArraySlice<Character>) {
            var at = text.startIndex
            while at < text.endIndex {
                let rest = text[at...]
                let isWordStart = at == text.startIndex || !text[at - 1].isWordPart
                if let (inner, after) = ChatText.mono(rest) {
                    add(Run(String(inner), styles + [.mono]))
                    at = after
                } else if isWordStart, let after = ChatText.link(rest) {
                    add(Run(String(text[at..<after]), styles + [.link]))
                    at = after
                } else if isWordStart, let style = marks[text[at]], !styles.contains(style),
                    let end = ChatText.close(rest)
                {
                    var inside = Reader(styles: styles + [style])
                    inside.read(text[(at + 1)..<end])
                    inside.runs.forEach { add($0) }
                    at = end + 1
                } else {
                    plain.append(text[at])
                    at += 1
                }
            }
            flush()
        }

        private mutating func add(_ run: Run) {
            flush()
            runs.append(run)
        }

        private mutating func flush() {
            if !plain.isEmpty { runs.append(Run(plain, styles)) }
            plain = ""
        }
    }

    /// What stands between two times three backticks, line ends among it.
    private static func mono(
        _ text: ArraySlice<Character>
    ) -> (inner: ArraySlice<Character>, after: ArraySlice<Character>.Index)? {
        guard text.starts(with: "```") else { return nil }
        let inside = text.dropFirst(3)
        guard let end = inside.firstRange(of: "```")?.lowerBound, end > inside.startIndex else { return nil }
        return (inside[..<end], end + 3)
    }

    /// The end of a web address that begins here; punctuation after it belongs to the sentence.
    private static func link(_ text: ArraySlice<Character>) -> ArraySlice<Character>.Index? {
        guard let scheme = ["https://", "http://"].first(where: { text.starts(with: $0) }) else { return nil }
        var address = text.prefix { !$0.isWhitespace }
        while let last = address.last, ".,;:!?)'\"*_~".contains(last) { address.removeLast() }
        return address.count > scheme.count ? address.endIndex : nil
    }

    /// Where the mark that opens `text` is closed: on the same line, tight to its words.
    private static func close(_ text: ArraySlice<Character>) -> ArraySlice<Character>.Index? {
        guard let mark = text.first, let next = text.dropFirst().first, !next.isWhitespace, next != mark
        else { return nil }
        let line = text.prefix { !$0.isNewline }
        return line.indices.dropFirst(2).first { at in
            line[at] == mark && !line[at - 1].isWhitespace && (at + 1 == line.endIndex || !line[at + 1].isWordPart)
        }
    }
}

extension Character {
    /// Between two of these a mark is no mark: `snake_case_name`, `2*3*4`.
    fileprivate var isWordPart: Bool { isLetter || isNumber }
}
