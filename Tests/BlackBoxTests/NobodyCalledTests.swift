import Core
import Database
import HTTP
import SQL
import TestSupport
import Testing

/// The real program under a filter of the kernel that kills it when it opens a connection to anybody.
@Suite struct `A fresh program's system calls` {
    private static let launcher = ["/usr/bin/python3", RepositoryFile.root + "/Tests/BlackBoxTests/no_calls.py"]

    let folder: TemporaryFolder
    private var data: String { folder.file("data") }

    init() throws { folder = try TemporaryFolder() }

    @Test func `open no connection while it starts, shows its pages and does all of its jobs`() throws {
        let server = try ServerProcess(data: data, ["--demo"], launcher: Self.launcher)
        for path in ["/admin/login", "/shop", "/readyz"] {
            #expect(try server.send(.get, path).status == 200, "\(path)")
        }
        let database = try Database(.file(data + "/cartwright.db"), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        let end = SystemClock().sinceBoot() + .seconds(30)
        var waiting = -1
        while waiting != 0, SystemClock().sinceBoot() < end {
            // Each answer shows that it lives; asking takes the time that the jobs need.
            #expect(try server.send(.get, "/healthz").status == 200)
            waiting = try database.read { tx in
                try tx.count("SELECT count(*) FROM jobs WHERE repeats_every IS NOT NULL AND last_finished_at IS NULL")
            }
        }
        #expect(waiting == 0)
        #expect(try server.stop() == .exited(0))
    }

    @Test func `would be seen: a command that tells a server of a change is killed`() throws {
        let server = try ServerProcess(data: data)
        let command = try ChildProcess(
            Self.launcher[0],
            [Self.launcher[1], Cartwright.program, "settings", "set", "site.name", "Wool", "--data", data],
            environment: Cartwright.environment, errors: folder.file("errors"))
        // SIGSYS, when it connects to the server's own socket.
        #expect(try command.ending() == .killed(signal: 31))
        #expect(try server.stop() == .exited(0))
    }
}
