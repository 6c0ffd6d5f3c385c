/// Cuts the text of a template into tokens, following the changes of delimiters.
struct Scanner {
    private let source: TemplateSource
    private var at = 0
    private var delimiters: Delimiters
    private var tokens: [Token] = []

    static func tokens(
        of source: TemplateSource, _ delimiters: Delimiters = .standard
    ) throws(TemplateError) -> [Token] {
        var scanner = Scanner(source: source, delimiters: delimiters)
        try scanner.scan()
        return scanner.tokens
    }

    private init(source: TemplateSource, delimiters: Delimiters) {
        self.source = source
        self.delimiters = delimiters
    }

    private mutating func scan() throws(TemplateError) {
        while at < source.bytes.count {
            let tag = find(delimiters.open, from: at) ?? source.bytes.count
            addText(at..<tag)
            at = tag
            if tag < source.bytes.count { try scanTag() }
        }
    }

    private mutating func addText(_ range: Range<Int>) {
        var start = range.lowerBound
        for i in range where source.bytes[i] == UInt8(ascii: "\n") {
            let end = i > start && source.bytes[i - 1] == UInt8(ascii: "\r") ? i - 1 : i
            if start < end { tokens.append(.text(start..<end)) }
            tokens.append(.newline(end..<i + 1))
            start = i + 1
        }
        if start < range.upperBound { tokens.append(.text(start..<range.upperBound)) }
    }

    private mutating func scanTag() throws(TemplateError) {
        let start = at
        at += delimiters.open.count
        while at < source.bytes.count, Self.isSpace(source.bytes[at]) { at += 1 }
        let kind = at < source.bytes.count ? Self.kind(source.bytes[at]) : nil
        if kind != nil { at += 1 }
        var ending = delimiters.close
        // `{{{x}}}` and `{{=a b=}}` end with a sign of their own before the delimiter.
        if kind == .unescaped, source.bytes[at - 1] == UInt8(ascii: "{") { ending = [UInt8(ascii: "}")] + ending }
        if kind == .delimiters { ending = [UInt8(ascii: "=")] + ending }
        guard let end = find(ending, from: at) else {
            let missing = String(decoding: ending, as: UTF8.self)
            throw source.error(.syntax, "this tag is not closed: `\(missing)` is missing", at: start)
        }
        let next = end + ending.count
        var tag = Tag(
            kind: kind ?? .value, content: trimmed(at..<end), offset: start, end: next, delimiters: delimiters)
        at = next
        if tag.content.isEmpty, tag.kind != .comment { throw source.error(.syntax, "this tag is empty", at: start) }
        if tag.kind == .delimiters { try setDelimiters(tag) }
        tag.delimiters = delimiters
        tokens.append(.tag(tag))
    }

    private mutating func setDelimiters(_ tag: Tag) throws(TemplateError) {
        let parts = tag.content.utf8.split(whereSeparator: Self.isSpace)
        guard parts.count == 2, !parts.joined().contains(UInt8(ascii: "=")) else {
            throw source.error(
                .syntax, "delimiters are set by two words without `=`, as in `{{=<% %>=}}`", at: tag.offset)
        }
        delimiters = Delimiters(open: Array(parts[0]), close: Array(parts[1]))
    }

    private static func kind(_ sign: UInt8) -> Tag.Kind? {
        switch sign {
        case UInt8(ascii: "{"), UInt8(ascii: "&"): .unescaped
        case UInt8(ascii: "#"): .section
        case UInt8(ascii: "^"): .inverted
        case UInt8(ascii: "/"): .close
        case UInt8(ascii: ">"): .partial
        case UInt8(ascii: "<"): .parent
        case UInt8(ascii: "$"): .block
        case UInt8(ascii: "!"): .comment
        case UInt8(ascii: "="): .delimiters
        default: nil
        }
    }

    private func find(_ pattern: [UInt8], from: Int) -> Int? {
        let last = source.bytes.count - pattern.count
        guard let first = pattern.first, from <= last else { return nil }
        return (from...last).first { i in
            source.bytes[i] == first && source.bytes[i..<i + pattern.count].elementsEqual(pattern)
        }
    }

    private func trimmed(_ range: Range<Int>) -> String {
        guard let first = range.first(where: { !Self.isSpace(source.bytes[$0]) }),
            let last = range.last(where: { !Self.isSpace(source.bytes[$0]) })
        else { return "" }
        return source.text(first..<last + 1)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
