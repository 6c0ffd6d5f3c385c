import App
import Core
import Database
import HTTP
import Messaging
import MetaCloudAPI
import PluginKit
import TestSupport
import Testing
import Text

/// Settings by API: one flat object, all or nothing, no secret in the clear.
struct SettingsAPITests {
    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost(plugins: [MetaCloudAPIPlugin()])
        key = try house.key(.admin)
    }

    private func settings() throws -> JSON { try house.get("/api/v1/settings", as: key).json() }

    private func change(_ json: String) throws -> TestResponse {
        try house.send(.patch, "/api/v1/settings", .json(json), as: key)
    }

    @Test func `every declared setting is there, with what is in force`() throws {
        let json = try settings()
        let keys = (json.object ?? []).map(\.key)
        #expect(keys == house.host.settings.declarations.map(\.key).sorted())
        #expect(json["site.country"].string == "US")
        #expect(json["sending.paused"].string == "false")
        #expect(json["meta.access_token"].isNull)
    }

    @Test func `a change is in force at once, in its normal form`() throws {
        let answer = try change(#"{"site.name":"Wool & Wire","sending.paused":true,"site.country":"es"}"#)
        #expect(answer.status == 200)
        let json = try answer.json()
        #expect(json["site.name"].string == "Wool & Wire")
        #expect(json["sending.paused"].string == "true" && json["site.country"].string == "ES")
        #expect(try change(#"{"site.country":null}"#).json()["site.country"].string == "US")
    }

    @Test func `a secret is never shown, and what is read may be written back`() throws {
        let set = try change(#"{"meta.access_token":"EAAB-very-secret"}"#)
        #expect(try set.json()["meta.access_token"].string == "(set)")
        #expect(!set.text.contains("very-secret"))
        let back = try change(#"{"meta.access_token":"(set)","site.name":"Same"}"#)
        #expect(try back.json()["meta.access_token"].string == "(set)")
        #expect(house.host.settings.stored("meta.access_token") == .secret(Secret("EAAB-very-secret")))
        #expect(try change(#"{"meta.access_token":null}"#).json()["meta.access_token"].isNull)
    }

    @Test func `one wrong value and nothing is changed, each wrong one named`() throws {
        let answer = try change(
            #"{"site.name":"New","site.country":"Spain","no.such":"x","orders.consent_wait":"soon"}"#)
        #expect(answer.status == 422)
        #expect(answer.problem.count == 4)
        #expect(
            Set(answer.problem.dropFirst().map { $0.prefix { $0 != ":" } }) == [
                "site.country", "no.such", "orders.consent_wait",
            ])
        #expect(try settings()["site.name"].string == "My shop")
    }
}
