import Core
import Crypto
import Database
import Glibc
import HTTP
import SQL
import Store
import TestSupport
import Testing

/// `cartwright worker` from outside.
@Suite struct `A worker as a program` {
    let folder: TemporaryFolder
    private var data: String { folder.file("data") }

    init() throws { folder = try TemporaryFolder() }

    private func nodes(_ database: Database) throws -> [Node] {
        try database.read { tx in try NodesTable.alive(in: tx) }
    }

    @Test func `works on a SQLite folder that nobody serves, and keeps others out of it`() throws {
        let worker = try WorkerProcess(data: data, ["--public-url", "https://hello.example"])
        #expect(worker.line == "working on \(data)/cartwright.db")
        let second = try Cartwright.run(["serve", "--data", data, "--listen", "127.0.0.1:0"])
        #expect(second.status == 1)
        #expect(second.errors.contains("worker (process \(worker.pid)) already works on \(data)"))
        // A command is heard at once.
        #expect(try Cartwright.run(["--data", data, "settings", "set", "site.name", "Wool"]).status == 0)
        #expect(try Cartwright.run(["--data", data, "key", "rotate"]).status == 0)
        #expect(try worker.stop() == .exited(0))
        #expect(access(data + "/control.sock", F_OK) != 0)
    }

    @Test func `does not work where a server does`() throws {
        let server = try ServerProcess(data: data)
        let worker = try Cartwright.run(["worker", "--data", data])
        #expect(worker.status == 1 && worker.output.isEmpty)
        #expect(worker.errors.contains("serve (process \(server.pid)) already works on \(data)"))
    }

    @Test func `a server without workers says that nobody works on its SQLite file`() throws {
        let server = try ServerProcess(data: data, ["--no-workers"])
        #expect(server.log.contains("no other process can work while this one serves"))
        #expect(try server.stop() == .exited(0))
    }

    @Test(arguments: TestDatabase.engines)
    func `leaves a backup that is asked for on a page to the server of that page`(engine: Engine) throws {
        let place = try TestDatabase(engine)
        var shared = ["--key-file", folder.file("master.key")]
        if case .server(let address) = place.location { shared += ["--database", address.reveal()] }
        let (email, password) = ("ana@example.com", "a long password")
        let added = try Cartwright.run(
            ["user", "add", "--email", email, "--role", "owner", "--password-stdin", "--data", data] + shared,
            input: password)
        #expect(added.status == 0, "\(added.errors)")
        let worker = engine == .postgresql ? try WorkerProcess(data: folder.file("worker"), shared) : nil
        let web = try ServerProcess(data: data, shared + ["--no-workers"])
        let ana = try SignedInProcess(email, password, on: web.site)
        try ana.press("/admin/backups", on: "/admin/backups")
        let end = SystemClock().sinceBoot() + .seconds(20)
        while try !ana.page("/admin/backups").contains("Can be downloaded"), SystemClock().sinceBoot() < end {
            _ = Monitor(()).wait(atMost: .milliseconds(50)) { _ in Void?.none }
        }
        let page = try ana.page("/admin/backups")
        #expect(page.contains("Can be downloaded") && page.contains(data + "/backups/cartwright-"))
        #expect(page.contains("Nobody is there to make it") == (worker == nil))
        #expect(try ana.page("/admin/jobs").contains("nobody does this work") == (worker == nil))
        #expect(try web.stop() == .exited(0))
        if let worker { #expect(try worker.stop() == .exited(0)) }
    }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `any number share a PostgreSQL database with servers, and each is known`() throws {
        let place = try TestDatabase(.postgresql)
        guard case .server(let address) = place.location else { return }
        let shared = ["--database", address.reveal(), "--key-file", folder.file("master.key")]
        let web = try ServerProcess(data: folder.file("web"), shared + ["--no-workers"])
        let first = try WorkerProcess(data: folder.file("first"), shared)
        let second = try WorkerProcess(data: folder.file("second"), shared)
        #expect(!first.line.contains("?") && !first.line.contains("options"))
        let alive = try nodes(place.database)
        #expect(alive.map(\.role) == [.web, .worker, .worker])
        #expect(
            alive.map { $0.name.split(separator: " ").last.map(String.init) }
                == [web.pid, first.pid, second.pid].map { "\($0)" })
        #expect(Set(alive.map(\.id)).count == 3)
        #expect(try first.stop() == .exited(0))
        #expect(try nodes(place.database).count == 2)
        second.kill()
        #expect(try web.send(.get, "/healthz").status == 200)
        #expect(try web.stop() == .exited(0))
        // Who was killed has not left.
        #expect(try nodes(place.database).map(\.role) == [.worker])
    }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `a rotation of the master key waits for every node`() throws {
        let place = try TestDatabase(.postgresql)
        guard case .server(let address) = place.location else { return }
        let database = ["--database", address.reveal()]
        let file = KeyFile(path: folder.file("master.key"))
        let shared = database + ["--key-file", file.path]
        let web = try ServerProcess(data: folder.file("web"), shared + ["--no-workers"])
        let worker = try WorkerProcess(data: folder.file("worker"), shared)
        let before = try file.load()
        let went = try Cartwright.run(["key", "rotate", "--data", folder.file("here")] + shared)
        #expect(went.status == 0, "\(went.errors)")
        let after = try file.load()
        #expect(after.count == 1 && after != before)
        #expect(try nodes(place.database).allSatisfy { $0.keys.first == after.first?.id })

        // One with a copy of its own hears nothing of it.
        let copy = folder.file("copy.key")
        try KeyFile(path: copy).replace(with: after)
        let deaf = try WorkerProcess(data: folder.file("deaf"), database + ["--key-file", copy])
        let failed = try Cartwright.run(["key", "rotate", "--data", folder.file("here")] + shared)
        #expect(failed.status == 1)
        #expect(failed.errors.contains("\(deaf.pid) (worker)"))
        #expect(!failed.errors.contains("\(worker.pid) (worker)"))
        #expect(try file.load().first == after.first)
        let sealed = try place.database.read { tx in try SealedValues.counts(in: tx) }
        #expect(Array(sealed.keys) == after.map(\.id))
        #expect(try deaf.stop() == .exited(0))
        #expect(try worker.stop() == .exited(0))
        #expect(try web.stop() == .exited(0))
    }
}
