/// A CSS file's references to other files: `url(…)` and `@import "…"` outside comments and other strings.
struct Stylesheet {
    /// One reference: what it names, where it stands in the text, and its line (from 1).
    struct Reference {
        let target: String
        let range: Range<Int>
        let line: Int
    }

    private let text: [UInt8]
    let references: [Reference]

    init(_ text: [UInt8]) {
        self.text = text
        var scanner = Scanner(text: text)
        scanner.scan()
        references = scanner.references
    }

    /// The text with each reference replaced for which `replacement` has something.
    func rewritten(_ replacement: (Reference) -> String?) -> [UInt8] {
        var output: [UInt8] = []
        var copied = 0
        for reference in references {
            guard let target = replacement(reference) else { continue }
            output += text[copied..<reference.range.lowerBound]
            output += target.utf8
            copied = reference.range.upperBound
        }
        return output + text[copied...]
    }

    private struct Scanner {
        let text: [UInt8]
        var references: [Reference] = []
        private var position = 0
        private var line = 1

        init(text: [UInt8]) { self.text = text }

        mutating func scan() {
            while position < text.count {
                if begins(with: "/*") {
                    skip(2)
                    while position < text.count, !begins(with: "*/") { skip(1) }
                    skip(2)
                } else if begins(with: "url(") {
                    skip(4)
                    while position < text.count, isSpace(text[position]) { skip(1) }
                    take(until: quote() ?? UInt8(ascii: ")"))
                } else if begins(with: "@import") {
                    skip(7)
                    while position < text.count, isSpace(text[position]) { skip(1) }
                    if let quote = quote() { take(until: quote) }
                } else if let quote = quote() {
                    while position < text.count, text[position] != quote {
                        skip(text[position] == UInt8(ascii: "\\") ? 2 : 1)
                    }
                    skip(1)
                } else {
                    skip(1)
                }
            }
        }

        private func begins(with word: StaticString) -> Bool {
            let count = word.utf8CodeUnitCount
            guard position + count <= text.count else { return false }
            return (0..<count).allSatisfy { offset in
                let byte = text[position + offset]
                return ((65...90).contains(byte) ? byte + 32 : byte) == word.utf8Start[offset]
            }
        }

        private mutating func skip(_ count: Int) {
            let end = min(position + count, text.count)
            for byte in text[position..<end] where byte == UInt8(ascii: "\n") { line += 1 }
            position = end
        }

        /// The quote that stands here, passed over; nil when there is none.
        private mutating func quote() -> UInt8? {
            guard position < text.count, text[position] == UInt8(ascii: "\"") || text[position] == UInt8(ascii: "'")
            else { return nil }
            defer { skip(1) }
            return text[position]
        }

        /// Takes what stands up to `end` as a reference, without the space that an unquoted one may end in.
        private mutating func take(until end: UInt8) {
            let start = position
            let startLine = line
            while position < text.count, text[position] != end { skip(1) }
            let untrimmed = text[start..<position]
            let last = untrimmed.lastIndex { !isSpace($0) } ?? start - 1
            let range = start..<last + 1
            references.append(
                Reference(target: String(decoding: text[range], as: UTF8.self), range: range, line: startLine))
            skip(1)
        }

        private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }
    }
}
