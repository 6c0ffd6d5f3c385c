package import Core

/// In which language, zone and moment a template is rendered.
package struct RenderContext: Sendable {
    package var words: any TemplateWords
    /// An IANA time zone.
    package var zone: String
    package var now: Timestamp

    package init(words: any TemplateWords, zone: String, now: Timestamp) {
        self.words = words
        self.zone = zone
        self.now = now
    }
}

/// Runs a program over its data into a buffer. It allocates for the rendering, not for its tags.
struct Renderer {
    private let program: Program
    /// Nil where the compiler has seen that no form needs it.
    let context: RenderContext?
    var out: Output
    /// The addresses of the open rows, which stand still while they are open.
    private var registers: [UnsafeRawPointer?]
    /// The open values of data without a shape, innermost last.
    private var stack: [TemplateValue] = []
    private var depth = 0
    private var visits = 0

    /// A template that includes itself without end stops here.
    private static let depthLimit = 500
    /// Rows and templates in one rendering, and its bytes: far more than any page has.
    private static let visitLimit = 300_000
    private static let sizeLimit = 64_000_000

    private init(_ program: Program, _ context: RenderContext?) {
        self.program = program
        self.context = context
        out = Output(expecting: program.size.expected)
        registers = Array(repeating: nil, count: program.registerCount)
    }

    /// - Parameter root: of the type that the program was compiled for.
    static func render<Root>(_ program: Program, of root: Root, _ context: RenderContext?) -> [UInt8] {
        var renderer = Renderer(program, context)
        withUnsafePointer(to: root) { root in
            renderer.registers[0] = UnsafeRawPointer(root)
            renderer.call(0)
        }
        program.size.note(renderer.out.count)
        return renderer.out.bytes()
    }

    static func render(_ program: Program, of root: TemplateValue, _ context: RenderContext?) -> [UInt8] {
        var renderer = Renderer(program, context)
        renderer.stack = [root]
        renderer.call(0)
        program.size.note(renderer.out.count)
        return renderer.out.bytes()
    }

    private mutating func call(_ routine: Int) { visit(program.routines[routine]) }

    /// Runs a template, or a section for one of its rows.
    private mutating func visit(_ body: Range<Int>) {
        guard depth < Self.depthLimit, visits < Self.visitLimit, out.count < Self.sizeLimit else { return }
        visits += 1
        depth += 1
        run(body)
        depth -= 1
    }

    private mutating func run(_ range: Range<Int>) {
        var at = range.lowerBound
        while at < range.upperBound {
            let instruction = program.code[at]
            at += 1
            switch instruction {
            case .constant(let start, let count):
                program.text.withUnsafeBufferPointer {
                    out.append(UnsafeBufferPointer(rebasing: $0[start..<start + count]))
                }
            case .field(let register, let field, let escape):
                if let row = registers[register] { write(program.fields[field], of: row, escape) }
            case .value(let operand, let escape): write(read(program.operands[operand]), escape)
            case .form(let form, let escape): write(program.forms[form], escape)
            case .section(let operand, let register, let length):
                runSection(program.operands[operand], register, at..<at + length)
                at += length
            case .inverted(let operand, let length):
                if !isTrue(program.operands[operand]) { visit(at..<at + length) }
                at += length
            case .fieldSection(let register, let field, let inner, let length):
                if let row = registers[register] {
                    runSection(program.fields[field], of: row, inner, at..<at + length)
                }
                at += length
            case .fieldInverted(let register, let field, let length):
                if let row = registers[register], !isTrue(program.fields[field], of: row) { visit(at..<at + length) }
                at += length
            case .call(let routine): call(routine)
            case .callChosen(let operand, let choice):
                if case .text(let name) = read(program.operands[operand]), let routine = program.choices[choice][name] {
                    call(routine)
                }
            }
        }
    }

    // MARK: Sections

    private mutating func runSection(_ operand: Operand, _ register: Int, _ body: Range<Int>) {
        if case .field(let source, let steps, let field) = operand {
            guard let row = registers[source] else { return }
            visitRow(row, steps[...]) { renderer, row in renderer.runSection(field, of: row, register, body) }
        } else {
            runSection(read(operand), body)
        }
    }

    private mutating func runSection(
        _ field: FieldReference, of row: UnsafeRawPointer, _ register: Int, _ body: Range<Int>
    ) {
        guard case .rows(let rows) = field.reader else {
            if isTrue(field, of: row) { visit(body) }
            return
        }
        let outer = registers[register]
        rows.each(row + field.offset) { row in
            registers[register] = row
            visit(body)
        }
        registers[register] = outer
    }

    /// In data without a shape every value that is true becomes `.`.
    private mutating func runSection(_ value: FieldValue, _ body: Range<Int>) {
        switch value {
        case .dynamic(.list(let values)):
            for value in values { visit(body, in: value) }
        case .dynamic(let value): visit(body, in: value)
        default:
            if Self.isTrue(value), let value = TemplateValue(value) { visit(body, in: value) }
        }
    }

    private mutating func visit(_ body: Range<Int>, in value: TemplateValue) {
        stack.append(value)
        visit(body)
        stack.removeLast()
    }

    private mutating func isTrue(_ operand: Operand) -> Bool {
        guard case .field(let register, let steps, let field) = operand else { return Self.isTrue(read(operand)) }
        guard let row = registers[register] else { return false }
        var isTrue = false
        visitRow(row, steps[...]) { renderer, row in isTrue = renderer.isTrue(field, of: row) }
        return isTrue
    }

    private func isTrue(_ field: FieldReference, of row: UnsafeRawPointer) -> Bool {
        switch field.reader {
        case .rows(let rows): !rows.isEmpty(row + field.offset)
        default: Self.isTrue(field.value(in: row))
        }
    }

    /// Whether a section on it renders.
    private static func isTrue(_ value: FieldValue) -> Bool {
        switch value {
        case .missing: false
        case .text(let text): !text.isEmpty
        case .flag(let flag): flag
        case .integer(let number): number != 0
        case .decimal(let number): number != 0
        case .money, .time, .word: true
        case .html(let html): !html.bytes.isEmpty
        case .dynamic(.list(let values)): !values.isEmpty
        case .dynamic: true
        }
    }

    // MARK: Values

    /// Goes from a row through objects in it; stops where one is missing.
    private mutating func visitRow(
        _ row: UnsafeRawPointer, _ steps: ArraySlice<FieldReference>,
        _ body: (inout Renderer, UnsafeRawPointer) -> Void
    ) {
        guard let step = steps.first else { return body(&self, row) }
        guard case .rows(let part) = step.reader else { return }
        part.each(row + step.offset) { visitRow($0, steps.dropFirst(), body) }
    }

    mutating func read(_ operand: Operand) -> FieldValue {
        switch operand {
        case .field(let register, let steps, let field):
            guard let row = registers[register] else { return .missing }
            var value = FieldValue.missing
            visitRow(row, steps[...]) { _, row in value = field.value(in: row) }
            return value
        case .literal(let text): return .text(text)
        case .name(let names): return lookUp(names).map(FieldValue.init) ?? .missing
        case .current: return stack.last.map(FieldValue.init) ?? .missing
        }
    }

    /// Innermost first for the first name; the others are looked for only in what it names.
    private func lookUp(_ names: [String]) -> TemplateValue? {
        guard let first = names.first else { return nil }
        for value in stack.reversed() {
            guard case .object(let members) = value, var found = members[first] else { continue }
            for name in names.dropFirst() {
                guard case .object(let parts) = found, let part = parts[name] else { return nil }
                found = part
            }
            return found
        }
        return nil
    }
}
