/// Reads a command line: flags before or after the command's name, `--flag value` or `--flag=value`, `--` before words
/// that begin with two dashes, and the environment where a flag is not given.
struct ArgumentParser {
    /// A command line that was understood.
    struct Line {
        var command: Command
        var operands: [String]
        var values: [Flag: String]
    }

    let commands: [Command]
    /// The value of a variable; nil when it is not set.
    let environment: (String) -> String?

    private struct Words {
        var plain: [String] = []
        /// In the order given.
        var flags: [(flag: Flag, value: String)] = []
    }

    /// - Returns: nil when only help on the whole program is asked for.
    func parse(_ arguments: [String]) throws(UsageError) -> Line? {
        let words = try sort(arguments)
        let asksForHelp = words.flags.contains { $0.flag == .help }
        guard let command = command(of: words.plain) else {
            if asksForHelp, words.plain.isEmpty { return nil }
            throw unknown(words.plain)
        }
        let operands = Array(words.plain.dropFirst(command.words.count))
        var values: [Flag: String] = [:]
        for (flag, value) in words.flags {
            guard command.allFlags.contains(flag) else {
                throw UsageError("\(command.name) does not take --\(flag.name)", in: command)
            }
            guard values.updateValue(value, forKey: flag) == nil else {
                throw UsageError("--\(flag.name) is given twice", in: command)
            }
        }
        if !asksForHelp {
            try command.check(operands: operands.count)
            try addEnvironment(to: &values, for: command)
        }
        return Line(command: command, operands: operands, values: values)
    }

    /// Tells flags from other words. Which flags take a value is known before the command is, because a flag is the
    /// same in every command that takes it.
    private func sort(_ arguments: [String]) throws(UsageError) -> Words {
        let known = Dictionary(commands.flatMap(\.allFlags).map { ($0.name, $0) }) { first, _ in first }
        var words = Words()
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--" {
                words.plain += rest
                break
            }
            guard word.hasPrefix("--") else {
                words.plain.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let flag = known[String(parts[0])] else { throw UsageError("there is no flag --\(parts[0])") }
            if flag.value == nil {
                guard parts.count == 1 else { throw UsageError("--\(flag.name) takes no value") }
                words.flags.append((flag, "true"))
            } else if parts.count == 2 {
                words.flags.append((flag, String(parts[1])))
            } else {
                guard let value = rest.popFirst(), !value.hasPrefix("--") else {
                    throw UsageError("--\(flag.name) wants a value")
                }
                words.flags.append((flag, value))
            }
        }
        return words
    }

    /// Of `instance` and `instance confirm` the longer one that fits.
    private func command(of words: [String]) -> Command? {
        commands.filter { words.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
    }

    private func unknown(_ words: [String]) -> UsageError {
        guard let first = words.first else { return UsageError("a command is missing") }
        let family = commands.filter { $0.words[0] == first }.map(\.name)
        guard !family.isEmpty else { return UsageError("there is no command \(first)") }
        return UsageError("\(first) is followed by one of: " + family.joined(separator: ", "))
    }

    private func addEnvironment(to values: inout [Flag: String], for command: Command) throws(UsageError) {
        for flag in command.allFlags where flag != .help && values[flag] == nil {
            guard let text = environment(flag.variable), !text.isEmpty else { continue }
            guard flag.value == nil else {
                values[flag] = text
                continue
            }
            switch text.lowercased() {
            case "1", "true", "yes", "on": values[flag] = "true"
            case "0", "false", "no", "off": continue
            default: throw UsageError("\(flag.variable) is true or false, not \(text)", in: command)
            }
        }
    }
}
