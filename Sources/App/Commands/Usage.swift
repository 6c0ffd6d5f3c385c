/// What the program says of itself with `--help` and after wrong usage.
enum Usage {
    static func overview(_ commands: [Command]) -> String {
        let width = commands.map(\.name.count).max() ?? 0
        let lines = commands.map { "  " + padded($0.name, to: width) + "  " + $0.summary }
        return """
            Cartwright turns a shop's orders into WhatsApp messages.

            usage: cartwright COMMAND [FLAGS]

            \(lines.joined(separator: "\n"))

            Flags stand before or after the command, as --flag VALUE or --flag=VALUE. Each has a twin in the environment:
            \(Flag.data.variable) is --\(Flag.data.name). `cartwright COMMAND --help` lists those of a command.

            """
    }

    static func details(_ command: Command) -> String {
        let flags = command.allFlags
        let width = flags.map(\.usage.count).max() ?? 0
        let lines = flags.map { "  " + padded($0.usage, to: width) + "  " + $0.meaning }
        return "\(line(command))\n\n\(command.summary).\n\n" + lines.joined(separator: "\n") + "\n"
    }

    /// `usage: cartwright settings get KEY [--data DIR]`
    static func line(_ command: Command) -> String {
        let flags = command.allFlags.filter { $0 != .help }.map { "[\($0.usage)]" }
        return (["usage: cartwright", command.name] + command.operands.map(\.usage) + flags).joined(separator: " ")
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
