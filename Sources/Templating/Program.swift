/// A compiled template: constant text, and instructions that refer to each other by position.
struct Program: Sendable {
    var text: [UInt8] = []
    var code: [Instruction] = []
    /// The instructions of each template (at one indentation and place); the first is where a rendering begins.
    var routines: [Range<Int>] = []
    var operands: [Operand] = []
    var fields: [FieldReference] = []
    var forms: [CompiledForm] = []
    /// For dynamic names: the routine of each template that the data may name.
    var choices: [[String: Int]] = []
    /// How many lists and objects may be open at once.
    var registerCount = 1
    /// Learns how much room a rendering needs.
    let size = OutputSize()
}

/// One step of a rendering. Bodies of sections follow their instruction; `length` is how many steps they are.
enum Instruction: Sendable {
    case constant(start: Int, count: Int)
    /// The common case of `value`: a field of an open row.
    case field(register: Int, field: Int, Escape)
    case value(operand: Int, Escape)
    case form(Int, Escape)
    /// For each row of a list, put into `register`; for a value that counts as true, once.
    case section(operand: Int, register: Int, length: Int)
    case inverted(operand: Int, length: Int)
    /// The common cases of both: a field of an open row.
    case fieldSection(register: Int, field: Int, into: Int, length: Int)
    case fieldInverted(register: Int, field: Int, length: Int)
    case call(routine: Int)
    case callChosen(operand: Int, choice: Int)
}

/// Where a value comes from.
enum Operand: Sendable, Hashable {
    /// A field of the row in a register; `steps` are the objects in between.
    case field(register: Int, steps: [FieldReference], FieldReference)
    case literal(String)
    /// Looked up while rendering, for data without a declared shape.
    case name([String])
    case current
}

/// A form with its operands resolved.
enum CompiledForm: Sendable {
    case word(key: String, arguments: [(name: String, operand: Operand)])
    case money(Operand), number(Operand)
    case date(Operand), time(Operand), dateTime(Operand), relative(Operand), iso(Operand)
    case url(URLForm)
}

/// A URL of the template's own. What is optional in it stands between the path and the fragment.
struct URLForm: Sendable {
    var path: [URLPart] = []
    /// The path has a `?` of its own.
    var hasQuery = false
    var query: [(name: String, operand: Operand)] = []
    var fragment: [URLPart] = []
}

enum URLPart: Sendable {
    case constant(String)
    case value(Operand)
}
