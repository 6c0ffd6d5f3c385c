import App
import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Testing

/// The end of a plugin's life, and its coming back.
@Suite struct `Uninstalling a plugin` {
    private static let number = Setting.text("fax.number", tab: "fax")
    private static let pin = Setting.secret("fax.pin", tab: "fax")
    private static let table = Migration(
        1, "pages",
        common: [
            "CREATE TABLE fax_rolls (id BIGINT PRIMARY KEY)",
            "CREATE TABLE fax_pages (id BIGINT PRIMARY KEY, roll_id BIGINT NOT NULL REFERENCES fax_rolls (id))",
            "CREATE INDEX fax_pages_roll ON fax_pages (roll_id)",
        ])

    private struct LineBusy: Error, CustomStringConvertible {
        let description = "the line is busy"
    }

    /// What the plugin is told and made to do.
    private final class Outside: Sendable {
        let webhooks = Mutex(0)
        let isBusy = Mutex(false)
    }

    private static func fax(_ outside: Outside, id: String = "fax", needs: [String] = []) -> LoosePlugin {
        LoosePlugin(
            declaration: PluginDeclaration(
                id: id, name: "Fax", version: "2.0", needs: needs, permissions: [.settings, .templates],
                isForDemo: true,
                settings: [number.declaration, pin.declaration], channels: ["fax"], migrations: [table],
                outside: "uninstall.outside"),
            make: { context in
                outside.webhooks.withLock { $0 = 1 }
                return PluginParts(jobs: [JobDeclaration(kind: "fax.dial", every: .hours(1)) { _ in }])
            },
            takeAway: { _ in
                if outside.isBusy.withLock({ $0 }) { throw LineBusy() }
                outside.webhooks.withLock { $0 = 0 }
            })
    }

    /// Puts something of the plugin wherever something of a plugin can be.
    private func use(_ house: TestHost, as owner: TestCaller) throws {
        let host = house.host
        let now = house.clock.now()
        #expect(try house.post("/admin/plugins/fax/activate", form: [], as: owner).status == 303)
        try host.settings.change(["fax.number": "12", "fax.pin": "1234"], by: "test")
        try host.database.write { tx in
            try tx.run("INSERT INTO fax_rolls (id) VALUES (1)")
            try tx.run("INSERT INTO fax_pages (id, roll_id) VALUES (1, 1)")
            try JobsTable.enqueue("fax.once", payload: "", due: now, at: now, in: tx)
            let template = ChannelTemplate(
                externalID: "1", name: "hello", language: "en", status: "APPROVED", category: "UTILITY",
                bodyParameters: [], bodyText: "hello", components: "[]", quality: nil)
            try ChannelTemplatesTable.replace([template], channel: "fax", at: now, in: tx)
            try PausesTable.set(
                .number, "fax:12", reason: "busy", code: nil, until: nil, at: now, in: tx)
            _ = try LeasesTable.acquire("dispatch:fax:12", owner: "test", for: .seconds(1), in: tx)
        }
        host.alerts.open(
            Alert(id: "fax.paper", severity: .warning, word: "alert.plugin_slow", href: "/admin/plugins"))
    }

    private func uninstall(
        _ house: TestHost, _ data: String, confirm: String = "fax", anyway: Bool = false, as owner: TestCaller
    ) throws -> TestResponse {
        try house.post(
            "/admin/plugins/fax/uninstall",
            form: [("data", data), ("confirm", confirm)] + (anyway ? [("anyway", "yes")] : []), as: owner)
    }

    @Test(arguments: Engine.allCases)
    func `with its data leaves nothing of it behind`(engine: Engine) throws {
        let outside = Outside()
        // A house that never knew the plugin is what it has to look like afterwards.
        let stranger = try TestHost(engine)
        let house = try TestHost(engine, plugins: [Self.fax(outside)])
        let owner = try house.person(.owner)
        try use(house, as: owner)
        #expect(try Inventory(house).rows(naming: "fax").count > 5)
        let page = try house.get("/admin/plugins/fax/uninstall", as: owner).text
        for text in ["fax_pages", "fax_rolls", "rows: 1", "fax.number", "fax.pin"] { #expect(page.contains(text)) }

        #expect(try uninstall(house, "delete", as: owner).location == "/admin/plugins")

        let left = try Inventory(house)
        let expected = try Inventory(stranger)
        #expect(left.schema == expected.schema)
        let naming = left.rows(naming: "fax").filter { !$0.hasPrefix("audit: ") }
        // Without this row it would be active again at the next start.
        #expect(naming.count == 1 && naming.allSatisfy { $0.hasPrefix("plugins: ") }, "\(naming)")
        #expect(outside.webhooks.withLock { $0 } == 0)
        #expect(try house.get("/admin/plugins", as: owner).text.contains("Not installed"))
        #expect(try house.get("/admin/plugins/fax/uninstall", as: owner).status == 409)
    }

    @Test(arguments: Engine.allCases)
    func `and activating it again begins anew`(engine: Engine) throws {
        let house = try TestHost(engine, plugins: [Self.fax(Outside())])
        let owner = try house.person(.owner)
        try use(house, as: owner)
        #expect(try uninstall(house, "delete", as: owner).status == 303)
        #expect(try house.host.database.tables(prefix: "fax_", countingTo: 10).isEmpty)
        #expect(try house.post("/admin/plugins/fax/activate", form: [], as: owner).status == 303)
        #expect(house.host.plugins.standing("fax") == .active)
        let tables = try house.host.database.tables(prefix: "fax_", countingTo: 10)
        #expect(tables.map(\.name) == ["fax_pages", "fax_rolls"])
        #expect(tables.map(\.rows) == [0, 0])
        #expect(house.host.settings[Self.number] == "")
    }

    @Test func `without its data keeps all of it, also what is outside`() throws {
        let outside = Outside()
        let house = try TestHost(plugins: [Self.fax(outside)])
        let owner = try house.person(.owner)
        try use(house, as: owner)
        #expect(try uninstall(house, "keep", as: owner).status == 303)
        #expect(house.host.plugins.standing("fax") == .inactive)
        #expect(outside.webhooks.withLock { $0 } == 1)
        #expect(try house.post("/admin/plugins/fax/activate", form: [], as: owner).status == 303)
        #expect(house.host.settings[Self.number] == "12")
        #expect(try house.host.database.tables(prefix: "fax_", countingTo: 10).map(\.rows) == [1, 1])
    }

    @Test func `asks for its name and what is to become of its data, and keeps what was typed`() throws {
        let house = try TestHost(plugins: [Self.fax(Outside())])
        let owner = try house.person(.owner)
        try use(house, as: owner)
        let wrong = try uninstall(house, "delete", confirm: "phone", as: owner)
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("<a href=\"#confirm\">"))
        #expect(wrong.text.contains("value=\"phone\""))
        #expect(wrong.text.contains("value=\"delete\" checked"))
        #expect(try uninstall(house, "", as: owner).text.contains("<a href=\"#keep\">"))
        #expect(try uninstall(house, "delete", as: house.person(.manager)).status == 403)
        #expect(house.host.plugins.standing("fax") == .active)
    }

    @Test func `tells when what is outside stays, and goes on only if asked to`() throws {
        let outside = Outside()
        let house = try TestHost(plugins: [Self.fax(outside)])
        let owner = try house.person(.owner)
        try use(house, as: owner)
        outside.isBusy.withLock { $0 = true }
        let refused = try uninstall(house, "delete", as: owner)
        #expect(refused.status == 422)
        #expect(refused.text.contains("the line is busy"))
        #expect(refused.text.contains("name=\"anyway\""))
        #expect(house.host.plugins.standing("fax") == .inactive)
        #expect(house.host.settings[Self.number] == "12")
        #expect(try uninstall(house, "delete", anyway: true, as: owner).status == 303)
        #expect(house.host.settings[Self.number] == "")
        let last = try house.host.database.read { tx in try AuditTable.page(PageRequest(), in: tx).rows.first }
        #expect(last?.action == "plugin.uninstalled")
        #expect(last?.data == ["data": "deleted", "outside": "left"])
    }

    @Test func `is not for what others need`() throws {
        let pager = LoosePlugin(
            declaration: PluginDeclaration(id: "pager", name: "Pager", version: "1", needs: ["fax"]))
        let house = try TestHost(plugins: [pager, Self.fax(Outside())])
        let owner = try house.person(.owner)
        // Pager is on from the start, and waits for what it needs.
        #expect(house.host.plugins.standing("pager") == .failed(.lacks(["Fax"])))
        #expect(try house.get("/admin/plugins", as: owner).text.contains("It needs Fax: switch on that first."))
        let lacking = try house.post("/admin/plugins/pager/activate", form: [], as: owner)
        #expect(lacking.headers.all("Set-Cookie").contains { $0.contains("notice.plugin_lacks") })
        #expect(try house.post("/admin/plugins/fax/activate", form: [], as: owner).status == 303)
        #expect(house.host.plugins.standing("pager") == .active)
        for path in ["/admin/plugins/fax/deactivate", "/admin/plugins/fax/uninstall"] {
            let answer = try house.post(path, form: [("data", "keep"), ("confirm", "fax")], as: owner)
            #expect(answer.headers.all("Set-Cookie").contains { $0.contains("notice.plugin_needed") })
            #expect(house.host.plugins.standing("fax") == .active)
        }
    }
}
