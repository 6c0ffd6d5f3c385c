import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Synchronization
import Templating
import TestSupport
import Testing
import Text

/// A house that may be a copy of another: what it does, what it leaves, and what its owner says.
@Suite struct HeldHouseTests {
    private func held(
        _ engine: Engine = .sqlite, client: any HTTPClient = RecordingHTTPClient()
    ) throws -> TestHost {
        let house = try TestHost(engine, client: client, settings: ["orders.consent": "legitimate_interest"])
        let now = house.clock.now()
        try house.host.recogniseInstance()
        try house.host.database.write { tx in try InstanceTable.hold(.restored, at: now, in: tx) }
        try house.application.refresh()
        return house
    }

    private func plan(_ house: TestHost, _ key: String = "1") throws -> ID {
        let answer = try house.post(
            "/api/v1/messages", json: #"{"to":"+12025550142","purpose":"orders","text":"Hello \#(key)"}"#,
            as: house.key(.write, name: "shop \(key)"))
        #expect(answer.status == 201 || answer.status == 202)
        return try #require(ID(try answer.json()["id"].expectString()))
    }

    /// What a plugin that sends messages and calls a shop can reach.
    private func probe(_ house: TestHost) throws -> PluginContext {
        let declaration = PluginDeclaration(
            id: "probe", name: "Probe", version: "1", permissions: [.messages],
            hosts: [OutsideHost(address: .host("shop.example"), sends: "probe.sends", when: "probe.when")])
        return house.host.context(for: declaration, pages: house.application.renderer)
    }

    private func row(_ id: ID, _ house: TestHost) throws -> LedgerRow {
        try #require(try house.host.database.read { tx in try MessagesTable.find(id, in: tx) })
    }

    private func audit(_ house: TestHost) throws -> [AuditEntry] {
        try house.host.database.read { tx in try AuditTable.page(PageRequest(), in: tx).rows }
    }

    @Test(arguments: TestDatabase.engines)
    func `a held house takes everything in, sends nothing, and goes on when the owner says so`(
        _ engine: Engine
    ) throws {
        let house = try held(engine)
        let before = try plan(house)
        try house.work()
        #expect(house.channel.messages.isEmpty)
        #expect(try row(before, house).status == .planned)

        house.clock.advance(by: .hours(1))
        let owner = try house.person(.owner)
        let page = try house.get("/admin/messages/\(before)", as: owner).text
        #expect(page.contains("This may be a copy of the shop’s database, and an owner has not decided yet."))
        #expect(page.matches(of: /Decide what this is/).count == 2)
        let form = try house.get("/admin/instance", as: owner).text
        #expect(form.contains("1 message"))
        #expect(form.contains("value=\"cancel\" checked"))
        let answer = try house.post("/admin/instance/confirm", form: [("overdue", "cancel")], as: owner)
        #expect(answer.status == 303)
        #expect(try row(before, house).reason == OverdueMessages.cancelled)
        let after = try plan(house, "2")
        try house.work()
        #expect(house.channel.texts == ["Hello 2"])
        #expect(try row(after, house).status == .accepted)
        let confirmed = try #require(try audit(house).first { $0.action == "instance.confirmed" })
        #expect(confirmed.actor == "owner@shop.example")
        #expect(confirmed.data == ["overdue": "cancel", "cancelled": "1", "channel": house.channel.id])
    }

    @Test(arguments: TestDatabase.engines)
    func `one that has moved away takes nothing more in, and still shows what it has`(_ engine: Engine) throws {
        let house = try TestHost(engine)
        let (now, key, owner) = (house.clock.now(), try house.key(.write), try house.person(.owner))
        try house.host.recogniseInstance()
        try house.host.database.write { tx in
            try InstanceTable.hold(.moved(to: "postgresql://db/shop"), at: now, in: tx)
        }
        try house.application.refresh()
        for path in ["/api/v1/orders", "/hooks/woocommerce", "/hooks/meta"] {
            let answer = try house.post(path, json: "{}", as: key)
            #expect(answer.status == 503, "\(path)")
            #expect(answer.headers["Retry-After"] == "60", "\(path)")
        }
        #expect(try house.get("/readyz").status == 503)
        #expect(try house.get("/api/v1/orders", as: key).status == 200)
        #expect(try house.get("/admin/instance", as: owner).status == 200)

        #expect(try house.post("/admin/instance/confirm", form: [], as: owner).status == 303)
        #expect(try house.get("/readyz").status == 200)
        #expect(try house.post("/hooks/woocommerce", json: "{}", as: key).status != 503)
    }

    @Test(arguments: TestDatabase.engines)
    func `a node that was stopped while it was restored begins no job, and reads anew what counts`(
        _ engine: Engine
    ) throws {
        let runs = Mutex(0)
        let house = try TestHost(engine, plugins: [JobPlugin { runs.withLock { $0 += 1 } }])
        try house.host.recogniseInstance()
        house.clock.advance(by: .hours(2))
        _ = try BackgroundTurns(house.host).runJobs()
        let before = runs.withLock { $0 }
        let now = house.clock.now()
        try house.host.database.write { tx in
            try InstanceTable.hold(.restored, at: now, in: tx)
            // The backup is older than what this node has read.
            try tx.run("UPDATE revisions SET number = 0")
        }
        house.clock.advance(by: .hours(2))
        _ = try BackgroundTurns(house.host).runJobs()
        #expect(before > 0)
        #expect(runs.withLock { $0 } == before)
        #expect(house.host.instance.hold == nil)
        try house.application.refresh()
        #expect(house.host.instance.hold?.kind == .restored)
    }

    @Test func `what came in since it was held may be sent, and what is older called off`() throws {
        let house = try TestHost(settings: ["orders.consent": "legitimate_interest"])
        try house.host.recogniseInstance()
        let older = try plan(house)
        house.clock.advance(by: .minutes(5))
        let now = house.clock.now()
        try house.host.database.write { tx in try InstanceTable.hold(.restored, at: now, in: tx) }
        try house.application.refresh()
        house.clock.advance(by: .minutes(5))
        let newer = try plan(house, "2")
        let owner = try house.person(.owner)
        try house.post("/admin/instance/confirm", form: [("overdue", "cancel_older")], as: owner)
        try house.work()
        #expect(try row(older, house).status == .cancelled)
        #expect(try row(newer, house).status == .accepted)
    }

    @Test func `the question has to be answered where there is one, and only the owner is asked`() throws {
        let house = try held()
        _ = try plan(house)
        let owner = try house.person(.owner)
        let refused = try house.post("/admin/instance/confirm", form: [("overdue", "whatever")], as: owner)
        #expect(refused.status == 422)
        #expect(house.host.instance.hold != nil)
        for role in [Role.manager, .viewer] {
            let person = try house.person(role)
            #expect(try house.get("/admin/instance", as: person).status == 403)
            #expect(try house.post("/admin/instance/confirm", form: [("overdue", "send")], as: person).status == 403)
            let page = try house.get("/admin/orders", as: person).text
            #expect(page.contains("This may be a copy of your shop’s database"))
            #expect(!page.contains("href=\"/admin/instance\""))
        }
        #expect(house.host.instance.hold != nil)
        #expect(try house.post("/admin/instance/confirm", form: [("overdue", "send")], as: owner).status == 303)
        try house.work()
        #expect(house.channel.texts == ["Hello 1"])
    }

    @Test func `every page says it, and so do the overview, the doctor, readiness and the figures`() throws {
        let house = try held()
        let owner = try house.person(.owner)
        for path in ["/admin", "/admin/orders", "/admin/settings/site", "/admin/instance"] {
            let page = try house.get(path, as: owner).text
            #expect(page.contains("so nothing is sent"), "\(path)")
            #expect(page.contains(">Held</span>"), "\(path)")
        }
        #expect(try house.get("/admin", as: owner).text.contains("until you have decided what it is"))
        let ready = try house.get("/readyz")
        #expect(ready.status == 200)
        #expect(try ready.json()["checks"]["instance"].string == "held: restored")
        #expect(
            try house.send(.get, "/metrics", from: "127.0.0.1").text.contains("\ncartwright_held 1\n"))
        let check = try #require(Doctor(house.host).results(outside: false).first { $0.id == "instance" })
        #expect(check.finding.grade == .fail)

        try house.post("/admin/instance/confirm", form: [], as: owner)
        #expect(try house.get("/readyz").json()["checks"]["instance"].string == "ok")
        #expect(try !house.get("/admin", as: owner).text.contains("so nothing is sent"))
        let live = try house.get("/admin/instance", as: owner).text
        #expect(live.contains("This is the live installation"))
        #expect(live.contains("owner@shop.example"))
    }

    @Test func `a test message is refused with its reason`() throws {
        let house = try held()
        let answer = try house.post(
            "/api/v1/test-message", json: #"{"to":"+12025550142","text":"Hello"}"#, as: house.key(.write))
        #expect(answer.status == 409)
        #expect(answer.text.contains("/admin/instance"))
        #expect(throws: MessageRefusal(Word("problem.held"))) {
            _ = try probe(house).messages.planTest(to: "+12025550142", content: MessageContent(text: "Hello"))
        }
    }

    @Test func `a copy for good stays held and reminds nobody`() throws {
        let house = try held()
        let owner = try house.person(.owner)
        try HouseWatch(house.host, disk: { nil }).look()
        #expect(try house.host.database.read { tx in try AlertsTable.allOpen(in: tx).map(\.id) } == ["host.held"])
        #expect(try house.post("/admin/instance/copy", form: [], as: owner).status == 303)
        #expect(house.host.instance.hold?.isKept == true)
        try HouseWatch(house.host, disk: { nil }).look()
        #expect(try house.host.database.read { tx in try AlertsTable.allOpen(in: tx) }.isEmpty)
        #expect(try house.get("/admin", as: owner).text.contains("This is a copy. Nothing is sent from here."))
        let check = try #require(Doctor(house.host).results(outside: false).first { $0.id == "instance" })
        #expect(check.finding.grade == .warn)
        #expect(try audit(house).contains { $0.action == "instance.kept" })
        try house.post("/admin/instance/confirm", form: [], as: owner)
        #expect(house.host.instance.hold == nil)
    }

    @Test func `jobs that reach outside wait, and are not counted as late`() throws {
        let house = try held()
        func finished(_ kind: String) throws -> Bool {
            try house.host.database.read { tx in
                try JobsTable.repeating(in: tx).first { $0.kind == kind }?.lastFinishedAt != nil
            }
        }
        try house.runJobs()
        #expect(try finished("host.cleaning"))
        #expect(try !finished("host.sync_templates"))
        house.clock.advance(by: .hours(2))
        try house.runJobs()
        try HouseWatch(house.host, disk: { nil }).look()
        #expect(try house.host.database.read { tx in try AlertsTable.allOpen(in: tx).map(\.id) } == ["host.held"])
        try house.post("/admin/instance/confirm", form: [], as: house.person(.owner))
        try house.runJobs()
        #expect(try finished("host.sync_templates"))
    }

    @Test func `only the people of the house are told, once, and of nothing else`() throws {
        let alerts = try AlertHouse()
        let now = alerts.house.clock.now()
        try alerts.host.recogniseInstance()
        try alerts.host.database.write { tx in try InstanceTable.hold(.restored, at: now, in: tx) }
        try alerts.house.application.refresh()
        alerts.host.alerts.open(AlertHouse.alert())
        for _ in 0..<3 { try alerts.wait(.minutes(2)) }
        try alerts.wait(.days(2))
        #expect(alerts.subjects.count == 1)
        #expect(try alerts.states().isEmpty)
    }

    @Test func `a plugin may read outside and change nothing there`() throws {
        let client = RecordingHTTPClient()
        let house = try held(client: client)
        let plugin = try probe(house)
        let url = "https://shop.example/wp-json/wc/v3/webhooks"
        func call(_ method: Method) throws -> OutboundResponse {
            try plugin.http.send(OutboundRequest(method, url, hosts: AllowedHosts(), repeatable: false))
        }
        for method in [Method.post, .put, .delete] {
            let error = #expect(throws: HTTPClientError.self) { try call(method) }
            #expect(error?.kind == .refused(.notConfirmed))
        }
        #expect(client.requests.isEmpty)
        client.expect(.get, url, answer: OutboundResponse(status: 200))
        #expect(try call(.get).status == 200)
        try house.post("/admin/instance/confirm", form: [], as: house.person(.owner))
        client.expect(.post, url, answer: OutboundResponse(status: 201))
        #expect(try call(.post).status == 201)
    }
}

/// A plugin with one job that repeats.
private struct JobPlugin: Plugin {
    let work: @Sendable () -> Void

    var declaration: PluginDeclaration { PluginDeclaration(id: "steady", name: "Steady", version: "1") }

    func parts(_ context: PluginContext) throws -> PluginParts {
        var parts = PluginParts()
        parts.jobs = [JobDeclaration(kind: "steady.work", every: .hours(1)) { _ in work() }]
        return parts
    }
}
