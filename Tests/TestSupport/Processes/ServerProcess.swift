package import Core
package import Glibc
package import HTTP

/// `cartwright serve` in a process of its own, on a port that the system chose. It dies with the value.
package final class ServerProcess: Sendable {
    /// `http://127.0.0.1:PORT`
    package let url: String
    private let process: ChildProcess
    private let client: CurlClient
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
        url = String(line.dropFirst(mark.count))
        client = try CurlClient(version: "test")
        self.process = process
        self.folder = folder
    }

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
        var headers = headers
        // The client writes these by itself; recordings bring them along.
        for name in ["Content-Length", "Host", "Connection"] { headers[name] = nil }
        if json != nil { headers["Content-Type"] = "application/json" }
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try client.send(
            OutboundRequest(
                method, url + path, headers: headers, body: json.map { Array($0.utf8) } ?? body,
                hosts: AllowedHosts(namedByAdmin: ["127.0.0.1"]), repeatable: false, deadline: .seconds(30)))
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
