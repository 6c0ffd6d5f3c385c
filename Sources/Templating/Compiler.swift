/// Turns a template, with all that it includes, into a program for one kind of data.
struct Compiler {
    /// Where code is being made: whose text, how far indented, with what blocks replaced, what names mean.
    struct Place {
        let source: TemplateSource
        /// Goes before each line.
        var indent = ""
        /// Taken from the front of each line first, as far as it is there.
        var dedent = ""
        var environment = 0
        var scope: Scope
        /// How many helpers made this text of each other.
        var helperDepth = 0
        /// The text is what `{{helper}}` made, to be escaped as a value is.
        var escapesText = false

        func indentation(_ blank: String) -> String {
            indent + blank.dropFirst(zip(blank, dedent).prefix { $0 == $1 }.count)
        }
    }

    /// A block that fills a place, with the blocks that were replaced where it was written.
    struct Replacement {
        let block: Block
        let source: TemplateSource
        let environment: Int
    }

    let mode: TemplateMode
    let library: TemplateLibrary
    var program = Program()
    var code: [Instruction] = []
    /// Where in the page the next byte goes; nil when the output is not HTML.
    var position: HTMLPosition?
    var environments = Environments()
    private var routines: [RoutineKey: Routine] = [:]
    /// The tables of dynamic names that are made already.
    var choices: [ChoiceKey: Routine] = [:]
    /// How often a helper was asked.
    var expansions = 0
    /// The templates that are being made, outermost first.
    private var active: [RoutineKey] = []
    /// Constant text is not joined over this instruction: a section ends before it.
    private var barrier = 0
    private var steps = 0
    private var depth = 0
    private var operandNumbers: [Operand: Int] = [:]
    private var fieldNumbers: [FieldReference: Int] = [:]

    init(mode: TemplateMode, library: TemplateLibrary) {
        self.mode = mode
        self.library = library
        position = mode == .page ? HTMLPosition() : nil
    }

    mutating func compile(_ name: String, scope: Scope) throws(TemplateError) -> Program {
        guard let template = try library.parsed(name, mode) else {
            throw TemplateError(
                kind: .file, message: "there is no template `\(name)`", file: name, line: 0, column: 0, excerpt: "")
        }
        _ = try routine(template, Place(source: template.source, scope: scope))
        return program
    }

    mutating func compile(_ nodes: [Node], of source: TemplateSource, scope: Scope) throws(TemplateError) -> Program {
        _ = try routine(ParsedTemplate(source: source, nodes: nodes), Place(source: source, scope: scope))
        return program
    }

    // MARK: Templates

    private struct RoutineKey: Hashable {
        let name: String
        var indent: String
        let environment: Int
        let scope: Scope.Key
        let position: HTMLPosition?
    }

    struct ChoiceKey: Hashable {
        let indent: String
        let environment: Int
        let names: [String]
        let scope: Scope.Key
        let position: HTMLPosition?
    }

    /// A template, or a table of templates, in the program.
    struct Routine {
        let index: Int
        /// Where in the page it ends; until that is known, where it began.
        var end: HTMLPosition?
        /// It was used before its end was known.
        var isRecursive = false
    }

    /// Templates include each other this deeply at most, while they are compiled.
    private static let depthLimit = 100
    /// A template that includes itself with more and more indentation keeps what it has after so many rounds.
    private static let roundLimit = 16
    /// And make no more than this together.
    private static let codeLimit = 1_000_000
    private static let stepLimit = 1_000_000
    /// Templates, sections and blocks together.
    private static let nestingLimit = 600
    private static let textLimit = 64_000_000

    /// The routine of a template at a place; one that is being made already is used as it is (recursion).
    mutating func routine(_ template: ParsedTemplate, _ place: Place) throws(TemplateError) -> Int {
        let key = RoutineKey(
            name: template.source.name, indent: place.indent, environment: place.environment, scope: place.scope.key,
            position: position)
        if let known = routines[key] { return use(known, of: key) }
        if let round = lastRound(of: key), let known = routines[round] { return use(known, of: round) }
        guard active.count < Self.depthLimit, program.code.count < Self.codeLimit else {
            throw template.source.error(.syntax, "templates include each other too deeply", at: 0)
        }
        let begin = position
        let index = program.routines.count
        program.routines.append(0..<0)
        routines[key] = Routine(index: index, end: begin)
        let outer = (code, barrier)
        (code, barrier) = ([], 0)
        active.append(key)
        try emit(template.nodes[...], place)
        active.removeLast()
        program.routines[index] = program.code.count..<program.code.count + code.count
        program.code += code
        (code, barrier) = outer
        try close(begin, "the template", place.source, at: max(0, place.source.bytes.count - 1))
        if position != begin, routines[key]?.isRecursive == true {
            let why = "a template that includes itself must end exactly as it begins"
            throw place.source.error(.context, why, at: max(0, place.source.bytes.count - 1))
        }
        routines[key] = Routine(index: index, end: position)
        return index
    }

    private mutating func use(_ routine: Routine, of key: RoutineKey) -> Int {
        if active.contains(key) { routines[key]?.isRecursive = true }
        position = routine.end
        return routine.index
    }

    /// What a template in its last round is replaced with: itself, one indentation less.
    private func lastRound(of key: RoutineKey) -> RoutineKey? {
        let rounds = active.filter { $0.name == key.name }
        guard rounds.count >= Self.roundLimit else { return nil }
        return rounds.last { round in
            var same = round
            same.indent = key.indent
            return same == key
        }
    }

    // MARK: Nodes

    mutating func emit(_ nodes: ArraySlice<Node>, _ place: Place) throws(TemplateError) {
        guard depth < Self.nestingLimit else {
            throw place.source.error(.syntax, "sections and templates stand in each other too deeply", at: 0)
        }
        depth += 1
        defer { depth -= 1 }
        for node in nodes {
            steps += 1
            guard code.count < Self.codeLimit, program.text.count < Self.textLimit, steps < Self.stepLimit else {
                throw place.source.error(.syntax, "the template grows beyond all bounds", at: 0)
            }
            switch node {
            case .text(let range) where place.escapesText:
                try escaped(place.source.bytes[range], place, at: range.lowerBound)
            case .text(let range): try constant(place.source.bytes[range], place.source, at: range.lowerBound)
            case .lineStart(let blank, let at):
                try constant(Array(place.indentation(blank).utf8)[...], place.source, at: at)
            case .value(let expression, let isUnescaped, let at):
                try emitValue(expression, isUnescaped: isUnescaped, place, at: at)
            case .section(let section): try emitSection(section, place)
            case .inclusion(let inclusion): try emitInclusion(inclusion, place)
            case .block(let block): try emitBlock(block, place)
            }
        }
    }

    /// - Parameter at: where the bytes stand in the source; they may be an indentation, which all stands there.
    mutating func constant(_ bytes: ArraySlice<UInt8>, _ source: TemplateSource, at: Int) throws(TemplateError) {
        if bytes.isEmpty { return }
        if let mistake = position?.advance(bytes) {
            throw source.error(.context, mistake.why, at: at + mistake.offset - bytes.startIndex)
        }
        add(bytes)
    }

    /// Constant text in place of a value.
    private mutating func escaped(_ bytes: ArraySlice<UInt8>, _ place: Place, at: Int) throws(TemplateError) {
        let escape = try escape(place, at: at)
        var out = Output()
        bytes.withUnsafeBufferPointer { escape.append($0, to: &out) }
        add(out.bytes()[...])
        position?.passValue()
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        let start = program.text.count
        program.text += bytes
        if code.count > barrier, case .constant(let first, let count) = code.last, first + count == start {
            code[code.count - 1] = .constant(start: first, count: count + bytes.count)
        } else {
            code.append(.constant(start: start, count: bytes.count))
        }
    }

    private mutating func emitSection(_ section: Section, _ place: Place) throws(TemplateError) {
        if let helper = helper(section.expression) { return try emit(helper, section: section, place) }
        let name = section.expression.text
        let resolved = try resolve(section.expression, place, at: section.offset)
        var inner = place
        var register = 0
        if !section.isInverted {
            switch resolved.kind {
            case .list(let shape), .object(let shape):
                (inner.scope, register) = place.scope.entering(shape())
                program.registerCount = max(program.registerCount, register + 1)
            case .some: inner.scope = place.scope.with(current: resolved)
            case nil: break
            }
        }
        let begin = try open("the section `\(name)`", place.source, at: section.offset)
        let start = code.count
        code.append(.call(routine: 0))
        barrier = code.count
        try emit(section.body[...], inner)
        let length = code.count - start - 1
        code[start] = opening(section, resolved.operand, register, length)
        barrier = code.count
        try close(begin, "the section `\(name)`", place.source, at: section.offset)
    }

    private mutating func opening(
        _ section: Section, _ operand: Operand, _ register: Int, _ length: Int
    ) -> Instruction {
        if case .field(let source, let steps, let field) = operand, steps.isEmpty {
            let field = add(field)
            return section.isInverted
                ? .fieldInverted(register: source, field: field, length: length)
                : .fieldSection(register: source, field: field, into: register, length: length)
        }
        let operand = add(operand)
        return section.isInverted
            ? .inverted(operand: operand, length: length)
            : .section(operand: operand, register: register, length: length)
    }

    mutating func add(_ operand: Operand) -> Int {
        if let index = operandNumbers[operand] { return index }
        program.operands.append(operand)
        operandNumbers[operand] = program.operands.count - 1
        return program.operands.count - 1
    }

    mutating func add(_ field: FieldReference) -> Int {
        if let index = fieldNumbers[field] { return index }
        program.fields.append(field)
        fieldNumbers[field] = program.fields.count - 1
        return program.fields.count - 1
    }

    func resolve(_ expression: Expression, _ place: Place, at offset: Int) throws(TemplateError) -> Scope.Resolved {
        do throws(Unresolved) { return try place.scope.resolve(expression) } catch {
            throw place.source.error(.name, error.why, at: offset)
        }
    }

    // MARK: The place in the page

    /// Begins a part that must leave the page where it found it.
    mutating func open(_ what: String, _ source: TemplateSource, at offset: Int) throws(TemplateError) -> HTMLPosition?
    {
        guard let here = position else { return nil }
        guard let begin = here.atBoundary else {
            throw source.error(.context, "\(what) may not begin \(here.words)", at: offset)
        }
        position = begin
        return begin
    }

    mutating func close(
        _ begin: HTMLPosition?, _ what: String, _ source: TemplateSource, at offset: Int
    ) throws(TemplateError) {
        guard let begin, let end = position else { return }
        guard let after = end.atBoundary.flatMap(begin.joined) else {
            throw source.error(.context, "\(what) begins \(begin.words), but ends \(end.words)", at: offset)
        }
        position = after
    }
}
