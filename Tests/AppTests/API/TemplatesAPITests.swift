import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import TestSupport
import Testing
import Text

/// Templates by API.
struct TemplatesAPITests {
    private static func template(_ name: String, _ language: String) -> ChannelTemplate {
        ChannelTemplate(
            externalID: "77", name: name, language: language, status: "APPROVED", category: "UTILITY",
            bodyParameters: ["1"], bodyText: "Hello {{1}}", components: "[]", quality: nil)
    }

    @Test func `what the provider holds is fetched when asked, and listed as it is published`() throws {
        let house = try TestHost()
        let key = try house.key(.write)
        try house.runJobs()
        house.channel.hold([
            Self.template("sale", "en"), Self.template("order_confirmed", "es"), Self.template("order_confirmed", "en"),
        ])
        #expect(try house.get("/api/v1/templates", as: key).json()["data"].array?.isEmpty == true)
        #expect(try house.send(.post, "/api/v1/templates/sync", as: key).status == 202)
        try house.runJobs()
        let list = try house.get("/api/v1/templates", as: key).json()
        #expect(try APIShapes(house).problems(ofEach: list, as: "ChannelTemplate") == [])
        func names(_ page: JSON) -> [String] {
            (page["data"].array ?? []).map { "\($0["name"].string ?? "") \($0["language"].string ?? "")" }
        }
        #expect(names(list) == ["order_confirmed en", "order_confirmed es", "sale en"])
        let first = try house.get("/api/v1/templates?limit=2", as: key).json()
        let next = try #require(first["next"].string)
        let second = try house.get("/api/v1/templates?limit=2&after=\(next)", as: key).json()
        #expect(names(first) + names(second) == names(list))
        #expect(second["next"].isNull)
    }
}
