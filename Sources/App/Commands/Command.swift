/// One command of the program: how it is called, what it takes, what it does.
package struct Command: Sendable {
    /// A word that follows the command's name.
    struct Operand: Sendable {
        let name: String
        var isOptional = false

        var usage: String { isOptional ? "[\(name)]" : name }
    }

    /// One word or two: `serve`, `settings set`.
    package let name: String
    package let summary: String
    let operands: [Operand]
    /// Beside those that every command takes.
    let flags: [Flag]
    /// Whether a new installation may begin with it, where there is none at the place that it is given.
    let begins: Bool
    let run: @Sendable (Invocation) throws -> Void

    init(
        _ name: String, _ summary: String, operands: [Operand] = [], flags: [Flag] = [],
        begins: Bool = false,
        run: @escaping @Sendable (Invocation) throws -> Void
    ) {
        self.name = name
        self.summary = summary
        self.operands = operands
        self.flags = flags
        self.begins = begins
        self.run = run
    }

    var allFlags: [Flag] { flags + Flag.everywhere }
    var words: [String] { name.split(separator: " ").map(String.init) }

    /// Throws unless so many operands are right.
    func check(operands count: Int) throws(UsageError) {
        let least = operands.count { !$0.isOptional }
        if count < least { throw UsageError("\(name) wants \(operands[count].name)", in: self) }
        if count > operands.count { throw UsageError("\(name) was given a word too many", in: self) }
    }
}

/// The program was called in a way that it does not know: exit 2.
struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String
    /// The command whose usage is shown with it; nil for that of the whole program.
    let command: String?

    init(_ description: String, in command: Command? = nil) {
        self.description = description
        self.command = command?.name
    }
}

/// A command could not do what it was asked to, said in one line: exit 1.
struct CommandFailure: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
