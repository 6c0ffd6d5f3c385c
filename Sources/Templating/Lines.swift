/// A token with what its line says about it.
enum Piece {
    case text(Range<Int>)
    /// The white space that begins a line with something on it; an indentation goes before it.
    case lineStart(Range<Int>)
    case tag(Tag, LinePlace)
}

/// How a tag stands on its line.
struct LinePlace {
    /// The white space before it, when it is the first thing on its line.
    var indentation: String?
    /// It has its line to itself, so the line's white space and end are not text.
    var isStandalone = false
    /// What it opens begins with a new line.
    var opensLine = false
    /// The bytes of that line with its end, when it is standalone.
    var line: Range<Int>?
}

/// Pairs opening with closing tags, and drops the lines that hold nothing but tags.
struct Lines {
    /// Sections stand in each other this deeply at most.
    private static let depthLimit = 200

    private let source: TemplateSource
    private let tokens: [Token]
    /// For an opening or closing tag, the token of the other one.
    private var partner: [Int: Int] = [:]
    /// Blocks that stand directly in a parent tag: replacements, which write nothing where they stand.
    private var replacements: Set<Int> = []
    private var pieces: [Piece] = []

    static func pieces(of source: TemplateSource, _ delimiters: Delimiters) throws(TemplateError) -> [Piece] {
        var lines = Lines(source: source, tokens: try Scanner.tokens(of: source, delimiters))
        try lines.pair()
        lines.cut()
        return lines.pieces
    }

    private init(source: TemplateSource, tokens: [Token]) {
        self.source = source
        self.tokens = tokens
    }

    private mutating func pair() throws(TemplateError) {
        var open: [(index: Int, tag: Tag)] = []
        for (index, token) in tokens.enumerated() {
            guard case .tag(let tag) = token else { continue }
            if tag.kind.opens {
                if tag.kind == .block, open.last?.tag.kind == .parent { replacements.insert(index) }
                guard open.count < Self.depthLimit else {
                    throw source.error(.syntax, "sections are nested too deeply", at: tag.offset)
                }
                open.append((index, tag))
            } else if tag.kind == .close {
                guard let last = open.popLast() else {
                    throw source.error(.syntax, "`\(tag.content)` is closed here but was not opened", at: tag.offset)
                }
                guard last.tag.content == tag.content || last.tag.name == tag.name else {
                    let line = source.error(.syntax, "", at: last.tag.offset).line
                    throw source.error(
                        .syntax, "`\(tag.content)` is closed here, but `\(last.tag.content)` of line \(line) is open",
                        at: tag.offset)
                }
                partner[index] = last.index
                partner[last.index] = index
            }
        }
        if let last = open.last {
            throw source.error(.syntax, "`\(last.tag.content)` is never closed", at: last.tag.offset)
        }
    }

    private mutating func cut() {
        var start = 0
        while start < tokens.count {
            var end = start
            while end < tokens.count {
                end += 1
                if case .newline = tokens[end - 1] { break }
            }
            let line = start..<end
            let outline = outline(line)
            if isStandalone(outline, line) {
                addStandalone(line, outline)
            } else {
                addInline(line, isEmpty: outline.isBlank && outline.tags.isEmpty)
            }
            start = end
        }
    }

    /// The tags of a line, of which a parent or replacement that ends on it counts as one, and whether there is
    /// nothing else.
    private func outline(_ line: Range<Int>) -> (tags: [Int], isBlank: Bool) {
        var tags: [Int] = []
        var isBlank = true
        var i = line.lowerBound
        while i < line.upperBound {
            switch tokens[i] {
            case .text(let range): isBlank = isBlank && source.bytes[range].allSatisfy(Scanner.isSpace)
            case .newline: break
            case .tag: tags.append(i)
            }
            i = unitEnd(i, line)
        }
        return (tags, isBlank)
    }

    /// The token after this one, or after the whole parent or replacement that it opens when that ends on this line.
    private func unitEnd(_ i: Int, _ line: Range<Int>) -> Int {
        guard case .tag(let tag) = tokens[i], tag.kind == .parent || replacements.contains(i),
            let end = partner[i], end < line.upperBound
        else { return i + 1 }
        return end + 1
    }

    private func isStandalone(_ outline: (tags: [Int], isBlank: Bool), _ line: Range<Int>) -> Bool {
        guard outline.isBlank, !outline.tags.isEmpty else { return false }
        return outline.tags.allSatisfy { i in
            guard case .tag(let tag) = tokens[i] else { return false }
            let isAlone = outline.tags.count == 1
            switch tag.kind {
            case .value, .unescaped: return false
            case .comment: return true
            case .section, .inverted, .partial, .delimiters: return isAlone
            case .parent: return isAlone || unitEnd(i, line) == i + 1
            case .block: return replacements.contains(i) || partner[i].map { !line.contains($0) } ?? false
            case .close: return isAlone || closesInheritance(i, line)
            }
        }
    }

    private func closesInheritance(_ i: Int, _ line: Range<Int>) -> Bool {
        guard let opener = partner[i], !line.contains(opener), case .tag(let tag) = tokens[opener] else { return false }
        return tag.kind == .parent || tag.kind == .block
    }

    private mutating func addStandalone(_ line: Range<Int>, _ outline: (tags: [Int], isBlank: Bool)) {
        var indentation = ""
        if case .text(let range) = tokens[line.lowerBound] { indentation = source.text(range) }
        let bytes = Self.range(tokens[line.lowerBound]).lowerBound..<Self.range(tokens[line.upperBound - 1]).upperBound
        for i in outline.tags {
            guard case .tag(let tag) = tokens[i] else { continue }
            let end = unitEnd(i, line)
            let opensLine = i == outline.tags.last && end == i + 1
            let place = LinePlace(
                indentation: indentation, isStandalone: true, opensLine: opensLine, line: bytes)
            pieces.append(.tag(tag, place))
            for inner in i + 1..<end { add(tokens[inner], LinePlace()) }
        }
    }

    private mutating func addInline(_ line: Range<Int>, isEmpty: Bool) {
        var rest = line
        var place = LinePlace()
        if !isEmpty {
            let start = Self.range(tokens[line.lowerBound]).lowerBound
            var blank = start..<start
            if case .text(let range) = tokens[line.lowerBound] {
                let end = range.first { !Scanner.isSpace(source.bytes[$0]) } ?? range.upperBound
                blank = range.lowerBound..<end
                if end < range.upperBound {
                    pieces.append(contentsOf: [.lineStart(blank), .text(end..<range.upperBound)])
                }
                rest = rest.dropFirst()
                if end == range.upperBound {
                    pieces.append(.lineStart(blank))
                    place.indentation = source.text(blank)
                }
            } else {
                pieces.append(.lineStart(blank))
                place.indentation = ""
            }
        }
        for i in rest {
            add(tokens[i], place)
            place = LinePlace()
        }
    }

    private mutating func add(_ token: Token, _ place: LinePlace) {
        switch token {
        case .text(let range), .newline(let range): pieces.append(.text(range))
        case .tag(let tag): pieces.append(.tag(tag, place))
        }
    }

    private static func range(_ token: Token) -> Range<Int> {
        switch token {
        case .text(let range), .newline(let range): range
        case .tag(let tag): tag.offset..<tag.end
        }
    }
}
