import App
import PluginKit
import SQL
import TestSupport
import Testing

@Suite struct `The names of plugins` {
    private struct Named: Plugin {
        var declaration: PluginDeclaration

        init(_ id: String, table: String? = nil) {
            let migrations = table.map {
                [Migration(1, "tables", common: ["CREATE TABLE \($0) (id BIGINT PRIMARY KEY)"])]
            }
            declaration = PluginDeclaration(id: id, name: id, version: "1", migrations: migrations ?? [])
        }

        func parts(_ context: PluginContext) throws -> PluginParts { PluginParts() }
    }

    private func clash(_ plugins: Named...) -> String? {
        do {
            try PluginNames(plugins, engine: .sqlite).check()
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("consent", "consent_"), ("second", "second_factors"), ("schema", "schema_info"),
        ("host", "uses that name itself"),
        ("sqlite", "uses that name itself"), ("Fax", "lower-case letters and digits"), ("", "lower-case"),
    ])
    func `may not lead into the host's rooms`(id: String, reason: String) throws {
        let text = try #require(clash(Named(id)))
        #expect(text.contains(reason), "\(text)")
        #expect(text.contains(id))
    }

    @Test func `may not lead into another plugin's rooms`() {
        #expect(clash(Named("fax", table: "fax_pages"), Named("pager", table: "pager_calls")) == nil)
        #expect(
            clash(Named("fax"), Named("pager", table: "fax_calls"))
                == "no plugin may be called fax: with it, fax_calls of the plugin pager would be uninstalled too")
        #expect(clash(Named("fax"), Named("fax")) == "two plugins are called fax")
    }

    @Test func `keep the program from starting, in words`() {
        let clash = #expect(throws: PluginNames.Clash.self) { try TestHost(plugins: [Named("consent")]) }
        #expect(clash?.description.hasPrefix("no plugin may be called consent: with it, consent_") == true)
    }
}
