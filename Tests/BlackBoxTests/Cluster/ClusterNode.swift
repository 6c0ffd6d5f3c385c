import Core
import Glibc
import Synchronization
import TestSupport

/// One program of the cluster, web or worker, that is killed, frozen, stopped and started again. Its log goes on
/// over its lives.
final class ClusterNode: Sendable {
    enum Role: String { case web, worker }

    private struct State {
        var process: ChildProcess?
        var site: SiteClient?
        var lives = 0
    }

    let role: Role
    let name: String
    private let database: String
    private let arguments: [String]
    private let folder: TemporaryFolder
    private let state = Mutex(State())
    private var errors: String { name + ".log" }

    /// - Parameters:
    ///   - database: its address with parameters.
    ///   - flags: those that all nodes share.
    init(_ role: Role, _ number: Int, database: String, _ flags: [String], in folder: TemporaryFolder) {
        self.role = role
        name = "\(role.rawValue)-\(number)"
        let command =
            switch role {
            case .web: ["serve", "--no-workers", "--listen", "127.0.0.1:0"]
            case .worker: ["worker"]
            }
        arguments = command + ["--data", folder.file(name)] + flags
        self.database = database
        self.folder = folder
    }

    /// Where it answers; nil while it is down, and for a worker.
    var site: SiteClient? { state.withLock { $0.site } }
    /// Its process; nil while it is down.
    var pid: pid_t? { state.withLock { $0.process?.pid } }
    /// How the database knows this life of it.
    var session: String { Self.session(name, state.withLock { $0.lives }) }
    var log: String { folder.text(errors) }
    var logLines: [String] { log.split(separator: "\n").map { String($0) } }

    /// Starts it and waits until it says that it is at work.
    func start() throws {
        let life = state.withLock { $0.lives } + 1
        let address = "\(database)&application_name=\(Self.session(name, life))"
        let process = try ChildProcess(
            Cartwright.program, arguments + ["--database", address], environment: Cartwright.environment,
            errors: folder.file(errors))
        guard let line = try process.nextLine(within: .seconds(60)) else {
            throw ProcessFailure("\(name) did not start: \(log.suffix(1000))")
        }
        let site = try role == .web ? SiteClient(url: String(line.dropFirst("listening on ".count))) : nil
        state.withLock { $0 = State(process: process, site: site, lives: life) }
    }

    /// SIGKILL.
    func kill() throws {
        guard let process = take() else { return }
        process.kill()
        let ending = try process.ending()
        guard ending == .killed(signal: SIGKILL) else {
            throw ProcessFailure("\(name) had died by itself, \(ending): \(log.suffix(1000))")
        }
    }

    /// SIGTERM, and waits for its orderly end.
    func stop() throws {
        guard let process = take() else { return }
        process.signal(SIGTERM)
        let ending = try process.ending(within: .seconds(90))
        guard ending == .exited(0) else { throw ProcessFailure("\(name) ended \(ending): \(log.suffix(1000))") }
    }

    /// SIGSTOP: from outside it looks as alive as before, but never answers.
    func freeze() { state.withLock { $0.process }?.signal(SIGSTOP) }

    func thaw() { state.withLock { $0.process }?.signal(SIGCONT) }

    private static func session(_ name: String, _ life: Int) -> String { "\(name).\(life)" }

    private func take() -> ChildProcess? {
        state.withLock { state in
            defer { (state.process, state.site) = (nil, nil) }
            return state.process
        }
    }
}
