import App
import Core
import Database
import MetaCloudAPI
import OrderNotifications
import PluginKit
import SQL
import Store
import TestSupport
import Testing
import Text

/// `cartwright settings`, on a folder without a server.
@Suite struct `The settings command` {
    let bench: CommandBench

    init() throws { bench = try CommandBench() }

    @Test func `lists every key with its value, sorted, also on an empty folder`() {
        let run = bench("settings", "list")
        #expect(run.status == 0)
        #expect(run.lines.contains("site.name=My shop"))
        #expect(run.lines.contains("orders.consent=required"))
        let keys = run.lines.map { String($0.prefix { $0 != "=" }) }
        #expect(keys == keys.sorted() && Set(keys).count == keys.count)
    }

    @Test func `changes a value, in the form that the setting gives it, and takes it back`() {
        #expect(bench("settings", "set", "site.country", "es").status == 0)
        #expect(bench("settings", "get", "site.country").output == "ES\n")
        #expect(bench("settings", "set", "site.country", "").status == 0)
        #expect(bench("settings", "get", "site.country").output == "US\n")
    }

    @Test(arguments: [
        ("site.country", "Spain", "site.country: Write the country as two letters, like ES."),
        ("orders.first_sight_window", "soon", "orders.first_sight_window: "),
        ("no.such.key", "x", "There is no setting no.such.key."),
    ])
    func `refuses a bad value or key in one line and changes nothing`(key: String, value: String, complaint: String) {
        let before = bench("settings", "list").output
        let run = bench("settings", "set", key, value)
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains(complaint))
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(bench("settings", "list").output == before)
    }

    @Test func `takes a secret from standard input and never shows it`() throws {
        #expect(bench("settings", "set", "meta.access_token", "--stdin", input: "EAAx-secret\n").status == 0)
        #expect(bench("settings", "get", "meta.access_token").output == "(set)\n")
        #expect(bench("settings", "list").lines.contains("meta.access_token=(set)"))
        #expect(bench("settings", "list", "--json").output.contains(#""meta.access_token":"(set)""#))
        #expect(bench("settings", "list", "--json").output.contains(#""meta.app_secret":null"#))
        let foundation = try bench.open()
        defer { foundation.database.close() }
        guard case .secret(let secret) = foundation.settings.stored("meta.access_token") else {
            Issue.record("the secret is not stored as one")
            return
        }
        #expect(secret.reveal() == "EAAx-secret")
    }

    @Test func `drops one newline of standard input and no more`() {
        #expect(bench("settings", "set", "site.name", "--stdin", input: "Wool\n").status == 0)
        #expect(bench("settings", "get", "site.name").output == "Wool\n")
        #expect(bench("settings", "set", "site.name", "--stdin", input: "Wool\n\n").status == 1)
    }

    @Test func `leaves a line in the audit log that names the setting and not its value`() throws {
        #expect(bench("settings", "set", "meta.app_secret", "abcdef").status == 0)
        let foundation = try bench.open()
        defer { foundation.database.close() }
        let entries = try foundation.database.read { tx in try AuditTable.page(PageRequest(), in: tx) }.rows
        #expect(entries.map(\.actor) == ["command line"])
        #expect(entries.map(\.subject) == ["meta.app_secret"])
        #expect(entries.allSatisfy { !$0.data.values.contains("abcdef") })
    }

    @Test func `will not open a folder whose key is lost`() {
        #expect(bench("settings", "list").status == 0)
        let run = bench("settings", "list", "--key-file", bench.folder.file("another.key"))
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("cartwright: there is no key file "))
    }

    @Test func `applies another channel and warns of each rule that it cannot send`() throws {
        let bench = try CommandBench(plugins: [MetaCloudAPIPlugin(), OrderNotificationsPlugin()])
        let run = bench("settings", "set", "sending.channel", "meta", "--resources", RepositoryFile.root)
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
        let warnings = try run.errors.split(separator: "\n").map { try JSON(parsing: Array($0.utf8), name: "") }
            .filter { $0["level"].string == "warning" }
        let rules = RuleSet.standard.rules.filter(\.isOn).map { "/admin/rules/\($0.id)" }
        #expect(warnings.compactMap { $0["page"].string } == rules)
        #expect(warnings.allSatisfy { $0["reason"].string?.hasPrefix("Without a template") == true })
        #expect(bench("settings", "get", "sending.channel").output == "meta\n")
        // What is chosen already is no change.
        let again = bench("settings", "set", "sending.channel", "meta", "--resources", RepositoryFile.root)
        #expect(!again.errors.contains("/admin/rules/"))
    }

    @Test(arguments: TestDatabase.engines)
    func `works on the database that it is pointed to`(engine: Engine) throws {
        #expect(bench("settings", "list").status == 0)
        let place = try TestDatabase(engine)
        let address =
            switch place.location {
            case .file(let path): path
            case .server(let secret): secret.reveal()
            }
        #expect(bench("settings", "set", "site.name", "Wool", "--database", address).status == 0)
        #expect(bench("settings", "get", "site.name", "--database", address).output == "Wool\n")
        #expect(bench("settings", "get", "site.name").output == "My shop\n")
    }
}
