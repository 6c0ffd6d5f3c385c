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

/// Runs a program over its data into a buffer.
struct Renderer {
    private let program: Program
    /// Nil where the compiler has seen that no form needs it.
    let context: RenderContext?
    var out: [UInt8] = []
    private var registers: [Rows]
    /// The open values of data without a shape, innermost last.
    var stack: [TemplateValue] = []
    private var depth = 0
    private var calls = 0

    /// A template that includes itself without end stops here.
    private static let depthLimit = 200
    private static let callLimit = 200_000

    private init(_ program: Program, _ context: RenderContext?) {
        self.program = program
        self.context = context
        registers = Array(repeating: Rows.none, count: program.registerCount)
    }

    static func render(_ program: Program, root: Rows, _ context: RenderContext?) -> [UInt8] {
        var renderer = Renderer(program, context)
        guard root.advance() else { return [] }
        renderer.registers[0] = root
        renderer.call(0)
        return renderer.out
    }

    static func render(_ program: Program, root: TemplateValue, _ context: RenderContext?) -> [UInt8] {
        var renderer = Renderer(program, context)
        renderer.stack = [root]
        renderer.call(0)
        return renderer.out
    }

    private mutating func call(_ routine: Int) {
        guard depth < Self.depthLimit, calls < Self.callLimit else { return }
        depth += 1
        calls += 1
        run(program.routines[routine])
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
                    out.append(contentsOf: UnsafeBufferPointer(rebasing: $0[start..<start + count]))
                }
            case .field(let register, let index, let escape): write(registers[register].value(index), escape)
            case .value(let operand, let escape): write(read(program.operands[operand]), escape)
            case .form(let form, let escape): write(program.forms[form], escape)
            case .section(let operand, let register, let length):
                runSection(read(program.operands[operand]), register, at..<at + length)
                at += length
            case .inverted(let operand, let length):
                if !isTrue(read(program.operands[operand])) { run(at..<at + length) }
                at += length
            case .call(let routine): call(routine)
            case .callChosen(let operand, let choice):
                if case .text(let name) = read(program.operands[operand]), let routine = program.choices[choice][name] {
                    call(routine)
                }
            }
        }
    }

    private mutating func runSection(_ value: FieldValue, _ register: Int, _ body: Range<Int>) {
        switch value {
        case .rows(let rows):
            let outer = registers[register]
            registers[register] = rows
            while rows.advance() { run(body) }
            registers[register] = outer
        case .dynamic(.list(let values)):
            for value in values { run(body, in: value) }
        case .dynamic(let value): run(body, in: value)
        default:
            guard isTrue(value) else { return }
            // In data without a shape every value that is true becomes `.`.
            if let value = TemplateValue(value), !stack.isEmpty { run(body, in: value) } else { run(body) }
        }
    }

    private mutating func run(_ body: Range<Int>, in value: TemplateValue) {
        stack.append(value)
        run(body)
        stack.removeLast()
    }

    /// Whether a section on it renders; steps into rows.
    private func isTrue(_ value: FieldValue) -> Bool {
        switch value {
        case .missing: false
        case .text(let text): !text.isEmpty
        case .flag(let flag): flag
        case .integer(let number): number != 0
        case .decimal(let number): number != 0
        case .money, .time, .word: true
        case .html(let html): !html.bytes.isEmpty
        case .rows(let rows): rows.advance()
        case .dynamic(.list(let values)): !values.isEmpty
        case .dynamic: true
        }
    }

    func read(_ operand: Operand) -> FieldValue {
        switch operand {
        case .field(let register, let steps, let index):
            var rows = registers[register]
            for step in steps {
                guard case .rows(let part) = rows.value(step), part.advance() else { return .missing }
                rows = part
            }
            return rows.value(index)
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
