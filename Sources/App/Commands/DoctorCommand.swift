import Core
import Crypto
import Database
import HTTP
import Localization
import PluginKit
import SQL
import Templating

/// `cartwright doctor`: the same looks as the page, one a line, and of a program that does not even start, why.
enum DoctorCommand {
    private static let offline = Flag("offline", "asks nobody outside")

    static let command = Command(
        "doctor", "Looks at every part of the house; fails when one does not work",
        flags: [offline, .json, .keyFile, .resources]
    ) { call in
        let results = try examine(call)
        if call.has(.json) {
            try call.print(
                Listing(columns: ["state", "check", "text"], rows: results.map { [$0.state, $0.id, $0.text] }))
        } else {
            // The first word decides, so there is no header to skip.
            for result in results { try call.print("\(result.state)\t\(result.id)\t\(result.text)") }
        }
        let failed = results.filter { $0.state == HealthFinding.Grade.fail.rawValue }.map(\.id)
        guard failed.isEmpty else { throw CommandFailure("does not work: " + failed.joined(separator: ", ")) }
    }

    private struct Line {
        var state: String
        var id: String
        var text: String
    }

    private static func examine(_ call: Invocation) throws -> [Line] {
        let resources = try Resources.find(call[.resources])
        let words = try call.words()
        func line(_ id: String, _ finding: HealthFinding) -> Line {
            let said = [finding.text] + [finding.next].compactMap(\.self)
            let text = said.map { words.text($0) }.joined(separator: " ")
            return Line(
                state: finding.grade.rawValue, id: id,
                text: String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }))
        }
        let client = try CurlClient(version: Version.text, clock: call.clock)
        defer { client.close() }
        let options = HostOptions(call)
        do {
            let host = try Host(
                options, plugins: call.plugins, resources: resources, client: client, clock: call.clock, log: call.log)
            defer { host.database.close() }
            // Activates the plugins, and finds mistakes in templates of the site's own.
            _ = try Application(host, resources: resources)
            // Processes on PostgreSQL are seen by the check of the nodes.
            var lines = host.database.engine == .sqlite ? [line("server", server(options))] : []
            lines += Doctor(host).results(outside: call.has(offline) ? false : nil).map { line($0.id, $0.finding) }
            return lines
        } catch {
            let text = String(describing: error)
            let reason: [String: WordArgument] = ["reason": .text(text.hasSuffix(".") ? String(text.dropLast()) : text)]
            return [
                line("start", .said(.fail, "start", reason)),
                line("disk", MachineChecks.disk(options.data)),
            ]
        }
    }

    /// Whether a process answers for this folder.
    private static func server(_ options: HostOptions) -> HealthFinding {
        switch ControlSocket.askToReload(at: options.controlSocket) {
        case .done: .said(.ok, "server")
        case .nobody: .said(.warn, "server.absent")
        case .failed: .said(.fail, "server.stuck")
        }
    }
}
