package import Core
package import Glibc
package import HTTP

/// `cartwright serve` in a process of its own, on a port that the system chose. It dies with the value.
package final class ServerProcess: Sendable {
    package let site: SiteClient
    private let process: ChildProcess
    private let folder: TemporaryFolder

    /// Starts the server and waits until it accepts.
    /// - Parameters:
    ///   - data: the folder that it works on.
    ///   - launcher: a program and its arguments that become the server.
    package init(
        data: String, _ arguments: [String] = [], environment: [String: String] = [:], launcher: [String] = []
    ) throws {
        let folder = try TemporaryFolder()
        let command = launcher + [Cartwright.program]
        let process = try ChildProcess(
            command[0], command.dropFirst() + ["serve", "--data", data, "--listen", "127.0.0.1:0"] + arguments,
            environment: Cartwright.environment.merging(environment) { $1 }, errors: folder.file("errors"))
        let mark = "listening on "
        guard let line = try process.nextLine(), line.hasPrefix(mark) else {
            throw ProcessFailure("the server did not start: \(folder.text("errors"))")
        }
        site = try SiteClient(url: String(line.dropFirst(mark.count)))
        self.process = process
        self.folder = folder
    }

    /// `http://127.0.0.1:PORT`
    package var url: String { site.url }
    package var pid: pid_t { process.pid }

    /// What it has logged so far.
    package var log: String { folder.text("errors") }

    /// What it says after the line that it listens; nil at its end.
    package func nextLine() throws -> String? { try process.nextLine() }

    /// - Parameters:
    ///   - body: where it is not JSON.
    ///   - token: an API key.
    package func send(
        _ method: HTTP.Method = .get, _ path: String, json: String? = nil, body: [UInt8] = [], headers: Headers = [:],
        token: String? = nil
    ) throws -> OutboundResponse {
        try site.send(method, path, json: json, body: body, headers: headers, token: token)
    }

    /// SIGTERM, without waiting.
    package func terminate() { process.signal(SIGTERM) }

    /// SIGTERM, and how it ended.
    package func stop(within limit: Timestamp.Span = .seconds(60)) throws -> ChildProcess.Ending {
        terminate()
        return try process.ending(within: limit)
    }

    /// As a power cut ends it.
    package func kill() { process.kill() }
}
