import App
import Core
import Crypto
import Database
import HTTP
import SQL
import Store
import Synchronization
import TestSupport
import Testing
import Text

/// `key rotate` beside a server at work.
@Suite struct `Rotating the master key under a running server` {
    private static let origin = "https://shop.example"
    private let folder: TemporaryFolder
    private var data: String { folder.file("data") }
    private var keyFile: KeyFile { KeyFile(path: data + "/master.key") }

    init() throws { folder = try TemporaryFolder() }

    @discardableResult
    private func run(_ arguments: String..., input: String = "") throws -> String {
        let run = try Cartwright.run(["--data", data] + arguments, input: input)
        guard run.status == 0 else { throw ProcessFailure("\(arguments): \(run.errors)") }
        return String(run.output.dropLast())
    }

    private func withDatabase<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let database = try Database(.file(data + "/cartwright.db"), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        return try body(database)
    }

    /// An account with an authenticator app, sealed with the key of this moment.
    private func prepareSecondFactor() throws -> (user: ID, code: OneTimeCode) {
        try run(
            "user", "add", "--email", "ana@example.com", "--role", "owner", "--password-stdin", input: "a long password"
        )
        let (sealer, code, now) = (Sealer(try keyFile.load()[0]), OneTimeCode.make(), SystemClock().now())
        let user = try withDatabase { database in
            try database.write { tx in
                guard let user = try UsersTable.find(email: "ana@example.com", in: tx) else {
                    throw ProcessFailure("nobody was added")
                }
                _ = try SecondFactorsTable.prepare(code, of: user.id, sealer: sealer, at: now, in: tx)
                return user.id
            }
        }
        return (user, code)
    }

    private func openSession(_ server: ServerProcess, site: String) throws -> String {
        let answer = try server.send(
            .post, "/embed/session", json: #"{"site":"\#(site)"}"#, headers: ["Origin": Self.origin])
        return try JSON(parsing: answer.body)["token"].expectString()
    }

    private func consent(_ server: ServerProcess, session: String) throws -> Int {
        try server.send(
            .post, "/embed/consent",
            json:
                #"{"phone":"+12025550142","choices":{"carts":true},"wording_version":"1","language":"en","page":"/"}"#,
            headers: ["Origin": Self.origin, "X-Cartwright-Session": session]
        ).status
    }

    @Test func `stops nothing, leaves the old key nowhere, and everything opens afterwards`() throws {
        try run("settings", "set", "site.url", Self.origin)
        try run("settings", "set", "woocommerce.webhook_secret", "--stdin", input: "told")
        try run("settings", "set", "meta.access_token", "--stdin", input: "the-access-token")
        let token = try run("token", "create", "--name", "till", "--scope", "admin")
        let site = try run("settings", "get", "site.key")
        let (user, code) = try prepareSecondFactor()
        let old = try keyFile.load()[0]
        let server = try ServerProcess(data: data)
        let session = try openSession(server, site: site)
        #expect(try consent(server, session: session) == 202)

        // Webhooks and requests come in before, while and after it.
        let replay = try #require(WooCommerceReplay.fixtures.first { $0.secret != nil })
        let isOver = Mutex(false)
        let statuses = Mutex<[Int]>([])
        let traffic = try Concurrently(2) { number in
            while !isOver.withLock({ $0 }) {
                let status: Int
                if number == 0 {
                    let request = replay.signed("told").request
                    status = try server.send(
                        .post, "/hooks/woocommerce", body: request.body, headers: request.headers
                    ).status
                } else {
                    status = try server.send(.get, "/api/v1/settings", token: token).status
                }
                statuses.withLock { $0.append(status) }
            }
        }
        let said = try run("key", "rotate")
        let new = try keyFile.load()
        #expect(new.count == 1 && new.first != old)
        #expect(said.contains("master key \(old.id) is forgotten"))
        // The command returns once the server has taken the new key: what it seals now is sealed with that.
        let change = try server.send(.patch, "/api/v1/settings", json: #"{"meta.app_secret":"later"}"#, token: token)
        #expect(change.status == 200)
        isOver.withLock { $0 = true }
        try traffic.finish()
        #expect(statuses.withLock { $0 }.count > 1)
        #expect(statuses.withLock { $0 }.allSatisfy { $0 == 200 })
        // A visitor who came before goes on.
        #expect(try consent(server, session: session) == 202)
        #expect(try server.stop() == .exited(0))

        let fresh = Sealer(try #require(new.first))
        try withDatabase { database in
            let counts = try database.read { tx in try SealedValues.counts(in: tx) }
            #expect(Array(counts.keys) == [fresh.current.id])
            let settings = SettingsStore(sealer: fresh)
            for (key, value) in [("meta.access_token", "the-access-token"), ("meta.app_secret", "later")] {
                #expect(try database.read { tx in try settings.get(key, in: tx) } == .secret(Secret(value)))
            }
            let found = try database.read { tx in try SecondFactorsTable.find(of: user, sealer: fresh, in: tx) }
            #expect(found?.code.reveal() == code.reveal())
        }
        let again = try ServerProcess(data: data)
        #expect(try again.send(.get, "/readyz").status == 200)
        #expect(try consent(again, session: session) == 202)
        let request = replay.signed("told").request
        #expect(try again.send(.post, "/hooks/woocommerce", body: request.body, headers: request.headers).status == 200)
        let proof = try JSON(parsing: again.send(.get, "/api/v1/consents/verify", token: token).body)
        #expect(try proof["findings"].expectArray().isEmpty, "\(proof)")
        #expect(try again.stop() == .exited(0))
    }

    @Test func `the doctor of a running server finds it, and of a stopped one says so`() throws {
        let server = try ServerProcess(data: data)
        let running = try Cartwright.run(["--data", data, "doctor", "--offline"])
        #expect(running.output.contains("ok\tserver\t"))
        #expect(running.status == (running.output.contains("fail\t") ? 1 : 0), "\(running.output)\(running.errors)")
        #expect(try server.stop() == .exited(0))
        let stopped = try Cartwright.run(["--data", data, "doctor", "--offline"])
        #expect(stopped.output.contains("warn\tserver\t"))
    }
}
