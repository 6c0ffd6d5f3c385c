/// Helpers: what they make of a tag's text stands in its place.
extension Compiler {
    /// Helpers stand in what other helpers make this deeply at most.
    private static let helperDepthLimit = 20

    /// The helper that a tag names. Its name stands before those of the data.
    func helper(_ expression: Expression) -> TemplateHelper? {
        guard case .path(let names) = expression, names.count == 1 else { return nil }
        return library.helpers[names[0]]
    }

    /// A helper is always there, so its opposite is not.
    mutating func emit(_ helper: TemplateHelper, section: Section, _ place: Place) throws(TemplateError) {
        guard !section.isInverted, let written = section.written else { return }
        try emit(helper, written, place, at: section.offset)
    }

    /// `{{name}}` is escaped as a value is, `{{{name}}}` stands as it is.
    mutating func emit(
        _ helper: TemplateHelper, isUnescaped: Bool, _ place: Place, at offset: Int
    ) throws(TemplateError) {
        var place = place
        place.escapesText = place.escapesText || !isUnescaped
        let nothing = WrittenText(range: 0..<0, delimiters: .standard, opensLine: false)
        try emit(helper, nothing, place, at: offset)
    }

    private mutating func emit(
        _ helper: TemplateHelper, _ written: WrittenText, _ place: Place, at offset: Int
    ) throws(TemplateError) {
        guard place.helperDepth < Self.helperDepthLimit else {
            throw place.source.error(.syntax, "`\(helper.name)` goes on without end", at: offset)
        }
        expansions += 1
        // A name of its own, since blocks are known by the template and the place that they are written in.
        let text = TemplateSource(
            name: "\(place.source.name) \(expansions)", file: place.source.file,
            text: helper.expand(place.source.text(written.range)))
        var inner = Place(
            source: text, indent: place.indent, dedent: place.dedent, environment: place.environment,
            scope: place.scope)
        inner.helperDepth = place.helperDepth + 1
        inner.escapesText = place.escapesText
        do throws(TemplateError) {
            var nodes = try Parser.nodes(of: text, hasForms: mode != .spec, written.delimiters)
            if !written.opensLine, case .lineStart(let blank, let at) = nodes.first {
                nodes[0] = .text(at..<at + blank.utf8.count)
            }
            let begin = try open("the helper `\(helper.name)`", text, at: 0)
            try emit(nodes[...], inner)
            try close(begin, "the helper `\(helper.name)`", text, at: 0)
        } catch {
            // The innermost one says what is wrong, the outermost where.
            guard place.helperDepth == 0 else { throw error }
            let why = "`\(helper.name)` makes `\(error.excerpt)` of this: \(error.message)"
            throw place.source.error(error.kind, why, at: offset)
        }
    }
}
