import App
import Core
import Crypto
import Database
import Domain
import Glibc
import HTTP
import MetaCloudAPI
import PluginKit
import SQL
import Store
import Templating
import TestSupport
import Testing

/// What the doctor sees, from a house in order to one that is broken on purpose.
@Suite struct `The doctor` {
    private func found(_ id: String, in house: TestHost, outside: Bool = false) throws -> HealthFinding {
        try #require(Doctor(house.host).results(outside: outside).first { $0.id == id }).finding
    }

    @Test(arguments: TestDatabase.engines)
    func `finds a fresh house well, but for what it was not told`(engine: Engine) throws {
        let house = try TestHost(engine)
        try house.beat()
        try house.runJobs()
        let results = Doctor(house.host).results(outside: false)
        #expect(results.filter { $0.finding.grade == .fail }.isEmpty, "\(results)")
        #expect(results.filter { $0.finding.grade == .warn }.map(\.id) == ["alerts"], "\(results)")
    }

    @Test func `has words for every check and every finding`() throws {
        let house = try TestHost(plugins: [MetaCloudAPIPlugin()])
        let words = house.application.renderer.words(locale: "en")
        let checks = Doctor(house.host).checks
        #expect(Set(checks.map(\.id)).count == checks.count)
        for check in checks { #expect(words.has("check.\(check.id).name"), "\(check.id)") }
    }

    @Test func `says that a broken check could not be made, and makes the others`() throws {
        let house = try TestHost(plugins: [Broken()])
        let results = Doctor(house.host).results(outside: false)
        #expect(results.last?.id == "broken.part")
        #expect(results.last?.finding.grade == .fail)
        #expect(results.last?.finding.text.arguments["reason"] == .text("it is torn"))
        #expect(results.count > 5)
    }

    @Test func `notices work that nobody does`() throws {
        let house = try TestHost()
        try house.runJobs()
        #expect(try found("workers", in: house).grade == .ok)
        house.clock.advance(by: .hours(3))
        #expect(try found("workers", in: house).grade == .fail)
        try house.runJobs()
        #expect(try found("workers", in: house).grade == .ok)
    }

    private static func node(
        _ role: Node.Role, version: String = "1.0.0", key: String = "k", ahead: Timestamp.Span = .zero
    ) -> Node {
        Node(id: "n", name: "shop-1 4711", role: role, version: version, keys: [key], clockAhead: ahead)
    }

    @Test(
        arguments: [
            ([node(.serve)], "check.nodes", .ok), ([node(.web), node(.worker)], "check.nodes", .ok),
            ([node(.web), node(.web)], "check.nodes.no_worker", .fail),
            ([node(.serve), node(.worker, key: "other")], "check.nodes.key", .fail),
            ([node(.serve), node(.worker, version: "1.0.1")], "check.nodes.versions", .warn),
            ([node(.serve), node(.worker, ahead: .seconds(-3))], "check.nodes.clock", .warn),
            ([node(.serve), node(.worker, ahead: .seconds(2))], "check.nodes", .ok),
        ] as [([Node], String, HealthFinding.Grade)])
    func `sees whether the processes are those that it takes, and agree`(
        nodes: [Node], word: String, grade: HealthFinding.Grade
    ) throws {
        let finding = NodeVerdict.of(nodes, key: "k")
        #expect(finding.text.key == word && finding.grade == grade)
        let words = try TestHost().application.renderer.words(locale: "en")
        for said in [finding.text, finding.next].compactMap({ $0 }) { #expect(words.has(said.key), "\(said.key)") }
    }

    @Test func `notices a webhook that was refused, for a day`() throws {
        let house = try TestHost()
        let now = house.clock.now()
        try house.host.database.write { tx in
            try RefusalsTable.add(endpoint: "woocommerce", reason: "signature", at: now, in: tx)
        }
        #expect(try found("webhooks", in: house).grade == .warn)
        house.clock.advance(by: .days(2))
        #expect(try found("webhooks", in: house).grade == .ok)
    }

    @Test func `notices a secret that no key opens, and the key that is missing`() throws {
        let house = try TestHost(plugins: [MetaCloudAPIPlugin()])
        #expect(try found("master_key", in: house).grade == .ok)
        let stranger = MasterKey.make()
        let sealed = Sealer(stranger).seal(Secret("x"), name: "meta.access_token")
        let now = house.clock.now()
        try house.host.database.write { tx in
            try SettingsTable.set("meta.access_token", to: .sealed(sealed), at: now, in: tx)
        }
        try house.host.settings.reload()
        let secrets = try found("secrets", in: house)
        #expect(secrets.grade == .fail)
        #expect(secrets.href == "/admin/settings/meta")
        #expect(secrets.text.arguments["keys"] == .text("meta.access_token"))
        #expect(try found("master_key", in: house).text.arguments["key"] == .text(stranger.id))
    }

    @Test func `notices a key file that others may read, and one that holds a former key`() throws {
        let house = try TestHost()
        let file = house.host.keyring.file
        try file.replace(with: [MasterKey.make()] + (try file.load()))
        #expect(try found("master_key", in: house).grade == .warn)
        #expect(chmod(file.path, 0o644) == 0)
        #expect(try found("master_key", in: house).grade == .fail)
    }

    @Test(arguments: TestDatabase.engines)
    func `notices a consent that was changed past the program`(engine: Engine) throws {
        let house = try TestHost(engine)
        try house.contact(grants: [.orders])
        _ = try house.turns.sealConsents()
        #expect(try found("consents", in: house).grade == .ok)
        try house.host.database.write { tx in _ = try tx.run("UPDATE consents SET source = 'forged'") }
        #expect(try found("consents", in: house).grade == .fail)
    }

    @Test func `looks over the database file in the time that there is`() throws {
        let house = try TestHost()
        let state = try house.host.database.inspect(atMost: .seconds(10))
        #expect(state.integrity == .sound)
        #expect(state.engine.hasPrefix("SQLite 3."))
        #expect(try found("database", in: house).grade == .ok)
    }

    @Test(arguments: [
        ("https://shop.example", HealthFinding.Grade.ok, "https"), ("http://shop.example", .fail, "https.plain"),
        ("http://127.0.0.1:8080", .warn, "https.local"), ("https://[::1]", .warn, "https.local"),
        ("https://10.1.2.3", .warn, "https.local"), ("https://cart.local", .warn, "https.local"),
        ("https://cart", .warn, "https.local"), ("https://9.9.9.9", .ok, "https"),
    ])
    func `knows a public address that is safe`(address: String, grade: HealthFinding.Grade, word: String) throws {
        let house = try TestHost(options: { $0.publicURL = address })
        let finding = try found("https", in: house)
        #expect(finding.grade == grade)
        #expect(finding.text.key == "check." + word)
    }

    @Test func `asks its own address, and believes only its own answer`() throws {
        let client = RecordingHTTPClient()
        let house = try TestHost(client: client)
        let url = "https://cartwright.example/healthz"
        let mark = try #require(try house.get("/healthz").headers["X-Cartwright"])
        #expect(mark.count == 16)
        client.expect(.get, url, answer: OutboundResponse(status: 200, headers: ["X-Cartwright": mark]))
        #expect(try found("reach", in: house, outside: true).text.key == "check.reach.untrusted")
        let safe: Headers = ["X-Cartwright": mark, "Strict-Transport-Security": "max-age=31536000"]
        client.expect(.get, url, answer: OutboundResponse(status: 200, headers: safe))
        #expect(try found("reach", in: house, outside: true).grade == .ok)
        client.expect(.get, url, answer: OutboundResponse(status: 200, headers: ["X-Cartwright": "another"]))
        #expect(try found("reach", in: house, outside: true).text.key == "check.reach.other")
        client.expect(.get, url, failure: HTTPClientError(.notSent, "no route"))
        #expect(try found("reach", in: house, outside: true).text.key == "check.reach.silent")
        client.verify()
    }

    @Test(arguments: [(Timestamp.Span.zero, HealthFinding.Grade.ok), (.seconds(30), .warn), (.hours(1), .fail)])
    func `compares its clock with the provider's`(off: Timestamp.Span, grade: HealthFinding.Grade) throws {
        let client = RecordingHTTPClient()
        let house = try TestHost(
            plugins: [MetaCloudAPIPlugin()], client: client,
            settings: [
                "sending.channel": "meta", "meta.phone_number_id": "1", "meta.access_token": "t",
            ])
        let date = (house.clock.now() + off).httpDate
        client.expect(
            .get, "https://graph.facebook.com/", answer: OutboundResponse(status: 404, headers: ["Date": date]))
        let check = try #require(Doctor(house.host).checks.first { $0.id == "world_clock" })
        #expect(try check.run().grade == grade)
        client.verify()
    }

    @Test func `asks outside only when the button says so, and keeps the answers`() throws {
        let client = RecordingHTTPClient()
        let house = try TestHost(client: client)
        let manager = try house.person(.manager)
        let before = try house.get("/admin/doctor", as: manager)
        #expect(before.status == 200)
        #expect(before.text.contains("Nobody outside has been asked"))
        #expect(client.requests.isEmpty)
        client.expect(.get, "https://cartwright.example/healthz", failure: HTTPClientError(.notSent, "no route"))
        #expect(try house.post("/admin/doctor", form: [], as: manager).location == "/admin/doctor")
        client.verify()
        let after = try house.get("/admin/doctor", as: manager)
        #expect(after.text.contains("no route"))
        #expect(try house.get("/admin/doctor", as: house.person(.viewer)).status == 403)
    }
}

/// A plugin with a check that cannot be made.
private struct Broken: Plugin {
    struct Torn: Error, CustomStringConvertible { let description = "it is torn" }

    var declaration: PluginDeclaration { PluginDeclaration(id: "broken", name: "Broken", version: "1") }

    func parts(_ context: PluginContext) throws -> PluginParts {
        var parts = PluginParts()
        parts.checks = [HealthCheck(id: "broken.part") { throw Torn() }]
        return parts
    }
}
