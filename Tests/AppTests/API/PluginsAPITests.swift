import App
import Core
import Database
import HTTP
import DemoShop
import PluginKit
import Sandbox
import Store
import TestSupport
import Testing
import Text

/// Plugins by API.
struct PluginsAPITests {
    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost(plugins: [SandboxPlugin(), DemoShopPlugin(), BrokenPlugin()], options: { $0.demo = true })
        key = try house.key(.admin)
    }

    @Test func `plugins are listed by id, page by page`() throws {
        let shapes = try APIShapes(house)
        let first = try house.get("/api/v1/plugins?limit=2", as: key).json()
        #expect(shapes.problems(ofEach: first, as: "Plugin") == [])
        let next = try #require(first["next"].string)
        let second = try house.get("/api/v1/plugins?limit=2&after=\(next)", as: key).json()
        let ids = [first, second].flatMap { ($0["data"].array ?? []).compactMap(\.["id"].string) }
        #expect(ids == ["broken", "demoshop", "recording", "sandbox"])
        #expect(second["next"].isNull)
    }

    @Test func `a plugin is taken out of work and put back, and both are on record`() throws {
        let path = "/api/v1/plugins/demoshop"
        #expect(try house.send(.post, path + "/deactivate", as: key).json()["active"].bool == false)
        #expect(house.host.plugins.standing("demoshop") == .inactive)
        #expect(try house.get(path, as: key).json()["active"].bool == false)
        #expect(try house.send(.post, path + "/activate", as: key).json()["active"].bool == true)
        #expect(house.host.plugins.standing("demoshop") == .active)
        let actions = try house.host.database.read { tx in
            try AuditTable.page(PageRequest(), in: tx).rows.filter { $0.subject == "plugin:demoshop" }
        }
        #expect(actions.map(\.action) == ["plugin.activated", "plugin.deactivated"])
        #expect(actions.allSatisfy { $0.actor.hasPrefix("token:") })
    }

    @Test func `one that is not there is 404`() throws {
        #expect(try house.send(.post, "/api/v1/plugins/none/activate", as: key).problem == ["404"])
        #expect(try house.get("/api/v1/plugins/none", as: key).problem == ["404"])
    }

    @Test func `a plugin that cannot work says why`() throws {
        let plugin = try house.get("/api/v1/plugins/broken", as: key).json()
        #expect(plugin["active"].bool == true)
        #expect(plugin["problem"].string == "It could not start: the weather is bad")
    }
}

/// Fails whenever it is to work.
private struct BrokenPlugin: Plugin {
    struct Weather: Error, CustomStringConvertible { let description = "the weather is bad" }

    let declaration = PluginDeclaration(id: "broken", name: "Broken", version: "1")
    func parts(_ context: PluginContext) throws -> PluginParts { throw Weather() }
}
