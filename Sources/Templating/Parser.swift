/// Builds the tree of a template.
struct Parser {
    private let source: TemplateSource
    /// Tags with a colon are forms; in the plain language they are names like any other.
    private let hasForms: Bool
    private var pieces: ArraySlice<Piece>
    /// Where the text before the last closing tag ends.
    private var bodyEnd = 0

    static func nodes(
        of source: TemplateSource, hasForms: Bool, _ delimiters: Delimiters = .standard
    ) throws(TemplateError) -> [Node] {
        let pieces = try Lines.pieces(of: source, delimiters)
        var parser = Parser(source: source, hasForms: hasForms, pieces: pieces[...])
        return try parser.body()
    }

    private init(source: TemplateSource, hasForms: Bool, pieces: ArraySlice<Piece>) {
        self.source = source
        self.hasForms = hasForms
        self.pieces = pieces
    }

    /// Reads up to the closing tag, or the end; `Lines` has paired them.
    private mutating func body() throws(TemplateError) -> [Node] {
        var nodes: [Node] = []
        while let piece = pieces.popFirst() {
            switch piece {
            case .text(let range): nodes.append(.text(range))
            case .lineStart(let range): nodes.append(.lineStart(source.text(range), at: range.lowerBound))
            case .tag(let tag, let place):
                if tag.kind == .close {
                    bodyEnd = place.line?.lowerBound ?? tag.offset
                    return nodes
                }
                if let node = try node(tag, place) { nodes.append(node) }
            }
        }
        return nodes
    }

    private mutating func node(_ tag: Tag, _ place: LinePlace) throws(TemplateError) -> Node? {
        switch tag.kind {
        case .value: return .value(try expression(tag), isUnescaped: false, at: tag.offset)
        case .unescaped: return .value(try expression(tag), isUnescaped: true, at: tag.offset)
        case .section, .inverted:
            let expression = try expression(tag)
            if case .form = expression {
                throw source.error(.syntax, "a section takes a field, not `\(expression.text)`", at: tag.offset)
            }
            let begin = place.line?.upperBound ?? tag.end
            let body = try body()
            let written = WrittenText(
                range: begin..<max(begin, bodyEnd), delimiters: tag.delimiters, opensLine: place.isStandalone)
            return .section(
                Section(
                    expression: expression, isInverted: tag.kind == .inverted, body: body, offset: tag.offset,
                    written: written))
        case .partial, .parent:
            let content = tag.kind == .parent ? try body() : []
            let blocks = content.compactMap { node in if case .block(let block) = node { block } else { nil } }
            return .inclusion(
                Inclusion(
                    name: inclusionName(tag.content), indentation: place.isStandalone ? place.indentation : nil,
                    replacements: blocks, offset: tag.offset))
        case .block:
            return .block(Block(name: tag.content, body: try body(), place: place, offset: tag.offset))
        case .comment, .delimiters, .close: return nil
        }
    }

    private func inclusionName(_ content: String) -> Inclusion.Name {
        guard content.hasPrefix("*") else { return .fixed(content) }
        let name = content.dropFirst().drop { $0.isWhitespace }
        guard hasForms else { return .dynamic(Self.path(name), among: []) }
        let words = name.split(whereSeparator: \.isWhitespace)
        return .dynamic(Self.path(words.first ?? ""), among: words.dropFirst().map(String.init))
    }

    private func expression(_ tag: Tag) throws(TemplateError) -> Expression {
        if tag.content == "." { return .current }
        guard hasForms else { return .path(Self.path(tag.content[...])) }
        if tag.content.contains(":") { return .form(try form(tag)) }
        if tag.content.contains(where: \.isWhitespace) {
            throw source.error(
                .syntax, "a name has no spaces in it; a form has a colon, as `t:key count=n`", at: tag.offset)
        }
        return .path(Self.path(tag.content[...]))
    }

    private static func path(_ text: Substring) -> [String] {
        text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    private func form(_ tag: Tag) throws(TemplateError) -> Form {
        var words = try self.words(tag)[...]
        let head = words.popFirst() ?? ""
        let parts = head.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let kind = Form.Kind(rawValue: parts[0]) else {
            let known = Form.Kind.allCases.map { "`\($0.rawValue):`" }.joined(separator: ", ")
            throw source.error(.syntax, "there is no form `\(parts[0]):`; there are \(known)", at: tag.offset)
        }
        guard !parts[1].isEmpty else {
            throw source.error(
                .syntax, "`\(parts[0]):` says nothing; write it without a space after the colon", at: tag.offset)
        }
        var arguments: [(name: String, value: Form.Argument)] = []
        for word in words {
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else {
                throw source.error(
                    .syntax, "`\(word)` is not an argument; write `name=field` or `name=\"text\"`", at: tag.offset)
            }
            if let quote = pair[1].first, quote == "\"" || quote == "'" {
                arguments.append((pair[0], .literal(String(pair[1].dropFirst().dropLast()))))
            } else {
                arguments.append((pair[0], .path(Self.path(pair[1][...]))))
            }
        }
        return Form(kind: kind, subject: parts[1], arguments: arguments)
    }

    /// Splits at white space outside of quotes.
    private func words(_ tag: Tag) throws(TemplateError) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        for character in tag.content {
            if quote == nil, character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            }
            word.append(character)
        }
        if quote != nil { throw source.error(.syntax, "a quote is not closed", at: tag.offset) }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
