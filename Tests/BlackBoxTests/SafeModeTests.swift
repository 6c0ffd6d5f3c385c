import Core
import Database
import HTTP
import SQL
import Store
import TestSupport
import Testing
import Text

@Suite struct `A server in safe mode` {
    private let folder: TemporaryFolder
    private var data: String { folder.file("data") }

    init() throws { folder = try TemporaryFolder() }

    private func run(_ arguments: String..., input: String = "") throws -> String {
        let run = try Cartwright.run(["--data", data] + arguments, input: input)
        guard run.status == 0 else { throw ProcessFailure("\(arguments): \(run.errors)") }
        return String(run.output.dropLast())
    }

    @Test func `has only the core on, says so on each page, and goes on storing webhooks`() throws {
        let replay = try #require(WooCommerceReplay.fixtures.first { $0.secret != nil }).signed("told")
        _ = try run("settings", "set", "woocommerce.webhook_secret", "--stdin", input: "told")
        _ = try run(
            "user", "add", "--email", "ana@example.com", "--role", "owner", "--password-stdin", input: "a long password"
        )
        let token = try run("token", "create", "--name", "look", "--scope", "admin")
        // The demo's shop is not of the core, and would be on.
        let server = try ServerProcess(data: data, ["--safe-mode", "--demo"])

        let list = try JSON(parsing: server.send(.get, "/api/v1/plugins?limit=100", token: token).body)
        let plugins = try list["data"].expectArray()
        #expect(plugins.count > 3)
        for plugin in plugins { #expect(plugin["active"].bool == plugin["core"].bool, "\(plugin)") }
        #expect(plugins.contains { $0["core"].bool == false })
        #expect(try server.send(.get, "/shop").status == 404)

        let ana = try SignedInProcess("ana@example.com", "a long password", on: server.site)
        for path in ["/admin", "/admin/plugins"] {
            #expect(try ana.page(path).contains("The house runs in safe mode"))
        }

        let request = replay.request
        let answer = try server.send(.post, "/hooks/woocommerce", body: request.body, headers: request.headers)
        #expect(answer.status == 200)
        #expect(try server.stop() == .exited(0))
        let database = try Database(.file(data + "/cartwright.db"), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        #expect(try database.read { tx in try tx.count("SELECT count(*) FROM deliveries") } == 1)
    }
}
