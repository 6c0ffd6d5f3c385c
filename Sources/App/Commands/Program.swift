package import Core
import Glibc
package import PluginKit
import Templating

/// The command line: finds the command, runs it, and says how it went.
package struct Program: Sendable {
    private let plugins: [any Plugin]
    private let terminal: Terminal
    private let clock: any Clock

    package init(plugins: [any Plugin], terminal: Terminal = .standard, clock: any Clock = SystemClock()) {
        self.plugins = plugins
        self.terminal = terminal
        self.clock = clock
    }

    package static let commands: [Command] =
        [ServeCommand.command, WorkerCommand.command] + UserCommands.all + TokenCommands.all + SettingsCommands.all
        + PluginCommands.all + KeyCommands.all + BackupCommands.all + InstanceCommands.all
        + [
            MigrateDatabaseCommand.command, DoctorCommand.command, PrivacyCommand.command, RenderCommand.command,
        ] + InspectCommands.all

    /// - Parameters:
    ///   - arguments: without the program's own name.
    ///   - environment: the value of a variable; nil when it is not set.
    /// - Returns: the exit status: 0 done, 1 failed, 2 wrong usage.
    package func run(
        _ arguments: [String],
        environment: @escaping (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
    ) -> Int32 {
        do {
            // What everybody types first; a command of its own is what the contract has.
            let arguments = arguments == ["--version"] ? ["version"] : arguments
            let parser = ArgumentParser(commands: Self.commands, environment: environment)
            guard let line = try parser.parse(arguments) else {
                try say(Usage.overview(Self.commands))
                return 0
            }
            if line.values[.help] != nil {
                try say(Usage.details(line.command))
                return 0
            }
            try line.command.run(
                Invocation(
                    operands: line.operands, values: line.values, command: line.command, plugins: plugins,
                    terminal: terminal, clock: clock))
            return 0
        } catch let error as UsageError {
            complain("cartwright: \(error)\n" + usage(of: error))
            return 2
        } catch let error as TemplateError {
            // In the form that editors understand: the file comes first.
            complain(error.summary + "\n")
            return 1
        } catch {
            complain("cartwright: " + "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ") + "\n")
            return 1
        }
    }

    private func usage(of error: UsageError) -> String {
        guard let command = Self.commands.first(where: { $0.name == error.command }) else {
            return "usage: cartwright COMMAND [FLAGS]; cartwright --help lists them\n"
        }
        return Usage.line(command) + "\n"
    }

    private func say(_ text: String) throws { try terminal.write(Array(text.utf8)) }
    private func complain(_ text: String) { terminal.complain(Array(text.utf8)) }
}
