/// A message as people write it: `Hello {customer_first_name|there}`.
///
/// `{name}` is a value, what follows `|` stands in for one that is empty, `\{` and `\}` are braces. It runs on the
/// same engine as pages do.
package struct MessageTemplate: Sendable {
    /// The values it uses, each once, as they first occur.
    package let names: [String]
    /// Those that stand somewhere without a fallback.
    private let needed: [String]
    private let program: Program

    /// - Parameter known: the names that may be used.
    /// - Throws: a mistake with its place; for an unknown name it lists the known ones.
    package init(_ text: String, known: Set<String>) throws(TemplateError) {
        var parser = MessageParser(source: TemplateSource(name: "", file: "text", text: text), known: known)
        try parser.parse()
        names = parser.names
        needed = parser.needed
        var compiler = Compiler(mode: .text, library: TemplateLibrary())
        program = try compiler.compile(
            parser.nodes, of: parser.source, scope: Scope(root: Shape(texts: parser.names)))
    }

    /// - Returns: the text, and the names that had neither a value nor a fallback.
    package func render(_ values: [String: String]) -> (text: String, missing: [String]) {
        let bytes = Renderer.render(program, of: names.map { values[$0] ?? "" }, nil)
        return (String(decoding: bytes, as: UTF8.self), needed.filter { values[$0, default: ""].isEmpty })
    }
}

/// Reads the text of a message into the tree that templates are made of.
private struct MessageParser {
    let source: TemplateSource
    let known: Set<String>
    private(set) var nodes: [Node] = []
    private(set) var names: [String] = []
    private(set) var needed: [String] = []

    init(source: TemplateSource, known: Set<String>) {
        self.source = source
        self.known = known
    }

    mutating func parse() throws(TemplateError) {
        var at = 0
        while at < source.bytes.count {
            let end = text(from: at, until: [UInt8(ascii: "{")], into: &nodes)
            if end < source.bytes.count {
                at = try placeholder(at: end)
            } else {
                at = end
            }
        }
    }

    /// Adds what stands before one of the bytes; a backslash before a brace keeps the brace and goes.
    /// - Returns: where the byte stands, or the end.
    private func text(from start: Int, until ends: [UInt8], into nodes: inout [Node]) -> Int {
        let bytes = source.bytes
        var copied = start
        var at = start
        while at < bytes.count, !ends.contains(bytes[at]) {
            if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count, Self.isBrace(bytes[at + 1]) {
                if copied < at { nodes.append(.text(copied..<at)) }
                copied = at + 1
                at += 1
            }
            at += 1
        }
        if copied < at { nodes.append(.text(copied..<at)) }
        return at
    }

    private static func isBrace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") }

    private mutating func placeholder(at open: Int) throws(TemplateError) -> Int {
        let bytes = source.bytes
        let stops = [UInt8(ascii: "|"), UInt8(ascii: "}")]
        guard let nameEnd = bytes[(open + 1)...].firstIndex(where: stops.contains) else { throw unclosed(open) }
        let name = source.text(open + 1..<nameEnd)
        guard known.contains(name) else {
            let list = known.sorted().map { "{\($0)}" }.joined(separator: " ")
            throw source.error(.name, "there is no `{\(name)}`; there are \(list). A brace is written `\\{`", at: open)
        }
        if !names.contains(name) { names.append(name) }
        let value = Node.value(.path([name]), isUnescaped: false, at: open)
        guard bytes[nameEnd] == UInt8(ascii: "|") else {
            if !needed.contains(name) { needed.append(name) }
            nodes.append(value)
            return nameEnd + 1
        }
        var fallback: [Node] = []
        let end = text(from: nameEnd + 1, until: [UInt8(ascii: "}")], into: &fallback)
        guard end < bytes.count else { throw unclosed(open) }
        nodes.append(value)
        nodes.append(.section(Section(expression: .path([name]), isInverted: true, body: fallback, offset: open)))
        return end + 1
    }

    private func unclosed(_ open: Int) -> TemplateError {
        source.error(.syntax, "this `{` is not closed; a brace is written `\\{`", at: open)
    }
}
