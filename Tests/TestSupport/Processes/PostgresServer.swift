import Core
import Glibc
import Synchronization

/// A PostgreSQL server of a test's own, to be stopped, killed and frozen under those who use it. It listens on a unix
/// socket in a temporary folder and keeps what it committed, as a server in earnest does: nothing of it is sped up.
/// It dies with the value.
package final class PostgresServer: Sendable {
    /// Its address, the same after each restart.
    package let address: String
    /// Holds the socket, the log, and what a test puts beside them.
    package let folder: TemporaryFolder
    private let settings: [String: String]
    private let process: Mutex<ChildProcess?>
    private var data: String { folder.file("data") }

    /// Makes an empty cluster and starts it.
    /// - Parameter settings: beside those that the server has by itself, as in `postgresql.conf`.
    package init(_ settings: [String: String] = [:]) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        self.settings = settings
        let port = settings["port"].map { "&port=\($0)" } ?? ""
        address = "postgresql://postgres@/postgres?host=\(folder.path)\(port)"
        process = Mutex(nil)
        if let account = Self.account {
            guard chown(folder.path, account.user, account.group) == 0 else {
                throw ProcessFailure("cannot give \(folder.path) to postgres")
            }
        }
        let making = try Self.child(
            "initdb", ["-D", data, "-U", "postgres", "-A", "trust", "--no-locale", "--encoding", "UTF8", "--no-sync"],
            errors: folder.file("initdb.log"))
        guard try making.ending(within: .seconds(60)) == .exited(0) else {
            throw ProcessFailure("initdb: \(folder.text("initdb.log"))")
        }
        try start()
    }

    deinit { kill() }

    /// What it has logged so far.
    package var log: String { folder.text("postgres.log") }

    /// Starts it and waits until it answers; after a kill that takes as long as its recovery.
    package func start() throws {
        let end = SystemClock().sinceBoot() + .seconds(60)
        while SystemClock().sinceBoot() < end {
            let child = try Self.child(
                "postgres",
                [
                    "-D", data, "-k", folder.path, "-c", "listen_addresses=", "-c", "max_connections=300",
                    "-c", "unix_socket_permissions=0777",
                ] + settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] },
                errors: folder.file("postgres.log"))
            if Self.waits(until: end, for: { isReady(child.pid) ? true : Self.hasEnded(child.pid) ? false : nil }) {
                return process.withLock { $0 = child }
            }
            // The processes of one that was killed may hold its memory for a moment.
            child.kill()
        }
        throw ProcessFailure("PostgreSQL did not start: \(log.suffix(2000))")
    }

    /// Ends every session at once and stops, as `systemctl stop` does.
    package func stop() throws {
        guard let running = process.withLock({ $0.take() }) else { return }
        running.signal(SIGINT)
        guard try running.ending(within: .seconds(60)) == .exited(0) else {
            throw ProcessFailure("PostgreSQL did not stop: \(log.suffix(2000))")
        }
    }

    package func restart() throws {
        try stop()
        try start()
    }

    /// As a power cut ends it: all of its processes at once.
    package func kill() {
        guard let running = process.withLock({ $0.take() }) else { return }
        // Frozen first, so that it neither starts another process nor begins to recover from the death of one.
        running.signal(SIGSTOP)
        for child in Self.children(of: running.pid) { Glibc.kill(child, SIGKILL) }
        running.kill()
    }

    /// Freezes all of its processes: sessions stay open, and nobody answers.
    package func pause() { signalAll(SIGSTOP) }

    /// Lets it go on after `pause`.
    package func resume() { signalAll(SIGCONT) }

    private func signalAll(_ number: Int32) {
        process.withLock { process in
            guard let process else { return }
            process.signal(number)
            for child in Self.children(of: process.pid) { Glibc.kill(child, number) }
        }
    }

    /// The last line of its note of itself says how far it is.
    private func isReady(_ pid: pid_t) -> Bool {
        let lines = folder.text("data/postmaster.pid").split(separator: "\n")
        return lines.first.flatMap { pid_t($0) } == pid
            && ["ready", "standby"].contains { lines.last?.hasPrefix($0) == true }
    }

    /// Nobody is told when a server is ready, so it is looked at again and again.
    private static func waits(until end: Timestamp.Span, for verdict: () -> Bool?) -> Bool {
        let never = Monitor(())
        while SystemClock().sinceBoot() < end {
            if let verdict = verdict() { return verdict }
            _ = never.wait(atMost: .milliseconds(50)) { _ in Void?.none }
        }
        return false
    }

    private static func hasEnded(_ pid: pid_t) -> Bool {
        var info = siginfo_t()
        return waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0
            && info._sifields._sigchld.si_pid == pid
    }

    private static func children(of pid: pid_t) -> [pid_t] {
        let file = open("/proc/\(pid)/task/\(pid)/children", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = max(0, read(file, &buffer, buffer.count))
        return String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }

    /// PostgreSQL refuses to run as root; then it runs as the package's own user.
    static var account: (user: uid_t, group: gid_t)? {
        guard geteuid() == 0, let entry = getpwnam("postgres") else { return nil }
        return (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }

    /// Starts a program of PostgreSQL's, or another by its path, under the account that the server runs under.
    static func child(_ program: String, _ arguments: [String], errors: String) throws -> ChildProcess {
        let command = [program.hasPrefix("/") ? program : "\(try programs())/\(program)"] + arguments
        guard account != nil else { return try ChildProcess(command[0], Array(command.dropFirst()), errors: errors) }
        return try ChildProcess(
            "/usr/bin/setpriv",
            ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"] + command,
            environment: ["PATH": "/usr/bin:/bin"], errors: errors)
    }

    /// The folder of the newest release's programs, where Debian puts them.
    private static func programs() throws -> String {
        let releases = "/usr/lib/postgresql"
        guard let folder = opendir(releases) else { throw ProcessFailure("PostgreSQL is not installed") }
        defer { closedir(folder) }
        var newest = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            newest = max(newest, Int(name) ?? 0)
        }
        guard newest > 0 else { throw ProcessFailure("PostgreSQL is not installed") }
        return "\(releases)/\(newest)/bin"
    }
}
