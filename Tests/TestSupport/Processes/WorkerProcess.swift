package import Core
package import Glibc

/// `cartwright worker` in a process of its own. It dies with the value.
package final class WorkerProcess: Sendable {
    /// What it says when it is at work.
    package let line: String
    private let process: ChildProcess
    private let folder: TemporaryFolder

    /// Starts the worker and waits until it is at work.
    /// - Parameter data: the folder of its key, and of the database where it is SQLite.
    package init(data: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws {
        let folder = try TemporaryFolder()
        let process = try ChildProcess(
            Cartwright.program, ["worker", "--data", data] + arguments,
            environment: Cartwright.environment.merging(environment) { $1 }, errors: folder.file("errors"))
        guard let line = try process.nextLine(), line.hasPrefix("working on ") else {
            throw ProcessFailure("the worker did not start: \(folder.text("errors"))")
        }
        self.line = line
        self.process = process
        self.folder = folder
    }

    package var pid: pid_t { process.pid }

    /// What it has logged so far.
    package var log: String { folder.text("errors") }

    package func signal(_ number: Int32) { process.signal(number) }

    /// SIGTERM, and how it ended.
    package func stop(within limit: Timestamp.Span = .seconds(60)) throws -> ChildProcess.Ending {
        process.signal(SIGTERM)
        return try process.ending(within: limit)
    }

    /// As a power cut ends it.
    package func kill() { process.kill() }
}
