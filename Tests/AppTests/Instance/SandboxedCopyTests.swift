import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Sandbox
import Store
import TestSupport
import Testing
import Text

/// A copy that plays with the sandbox phone, and the shop that it may become.
@Suite struct SandboxedCopyTests {
    /// A channel that reaches people.
    private struct LivePlugin: Plugin {
        let channel = RecordingChannel(id: "meta")

        var declaration: PluginDeclaration {
            PluginDeclaration(id: "live", name: "Live", version: "1", isCore: true, channels: [channel.id])
        }

        func parts(_ context: PluginContext) throws -> PluginParts {
            var parts = PluginParts()
            parts.channels = [channel]
            return parts
        }
    }

    private let live = LivePlugin()

    private func held(channel: String, _ engine: Engine = .sqlite) throws -> TestHost {
        let house = try TestHost(
            engine, plugins: [SandboxPlugin(), live],
            settings: ["orders.consent": "legitimate_interest", "sending.channel": channel])
        try house.host.recogniseInstance()
        let now = house.clock.now()
        try house.host.database.write { tx in try InstanceTable.hold(.restored, at: now, in: tx) }
        try house.application.refresh()
        return house
    }

    private func plan(_ house: TestHost, _ text: String) throws -> ID {
        let answer = try house.post(
            "/api/v1/messages", json: #"{"to":"+12025550142","purpose":"orders","text":"\#(text)"}"#,
            as: house.key(.write, name: text))
        return try #require(ID(try answer.json()["id"].expectString()))
    }

    private func row(_ id: ID, _ house: TestHost) throws -> LedgerRow {
        try #require(try house.host.database.read { tx in try MessagesTable.find(id, in: tx) })
    }

    @Test(arguments: TestDatabase.engines)
    func `sends to the phone, keeps the chosen channel, and goes live by it`(engine: Engine) throws {
        let house = try held(channel: "meta", engine)
        let owner = try house.person(.owner)
        let played = try plan(house, "played")
        try house.work()
        #expect(try row(played, house).status == .planned)

        let form = try house.get("/admin/instance", as: owner).text
        #expect(form.contains("id=\"sandbox\""))
        #expect(!form.contains("value=\"yes\" checked"))
        #expect(try house.post("/admin/instance/copy", form: [("sandbox", "yes")], as: owner).status == 303)
        #expect(house.host.settings[MessagingSettings.channel] == "meta")
        try house.work()
        // The phone has told that it came.
        #expect(try row(played, house).status == .sent)
        #expect(live.channel.messages.isEmpty)
        #expect(try house.get("/admin", as: owner).text.contains("Messages go to the sandbox phone"))
        #expect(try house.get("/admin/instance", as: owner).text.contains("value=\"yes\" checked"))

        #expect(try house.post("/admin/instance/confirm", form: [], as: owner).status == 303)
        let after = try plan(house, "after")
        try house.work()
        #expect(live.channel.texts == ["after"])
        #expect(try row(after, house).status == .accepted)
        #expect(try house.get("/admin/instance", as: owner).text.contains("messages go to the people of your shop"))
        let audit = try house.host.database.read { tx in try AuditTable.page(PageRequest(), in: tx).rows }
        #expect(audit.contains { $0.action == "instance.kept_sandboxed" })
        #expect(audit.first { $0.action == "instance.confirmed" }?.data["channel"] == "meta")
    }

    @Test func `may leave the phone again without becoming the live one`() throws {
        let house = try held(channel: "meta")
        let owner = try house.person(.owner)
        try house.post("/admin/instance/copy", form: [("sandbox", "yes")], as: owner)
        try house.post("/admin/instance/copy", form: [], as: owner)
        #expect(house.host.instance.hold?.word == .copy)
        let waiting = try plan(house, "waiting")
        try house.work()
        #expect(try row(waiting, house).status == .planned)
    }

    @Test func `of a shop whose channel is the sandbox says so before and after`() throws {
        let house = try held(channel: "sandbox")
        let owner = try house.person(.owner)
        for path in ["/admin", "/admin/instance"] {
            let page = try house.get(path, as: owner).text
            #expect(page.contains("Messages go to the sandbox phone and to nobody outside"), "\(path)")
            #expect(!page.contains("Nothing is sent"), "\(path)")
            #expect(!page.contains(">Stopped<"), "\(path)")
        }
        let answer = try house.post("/admin/instance/confirm", form: [], as: owner)
        #expect(answer.headers["Set-Cookie"]?.contains("notice.instance_live_sandbox") == true)
        let page = try house.get("/admin/instance", as: owner).text
        #expect(page.contains("nothing goes to people yet"))
        #expect(!page.contains("go to the people of your shop"))
    }
}
