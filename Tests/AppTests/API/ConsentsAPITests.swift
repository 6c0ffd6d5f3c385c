import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import TestSupport
import Testing
import Text

/// Consents by API: evidence in, evidence out.
struct ConsentsAPITests {
    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost()
        key = try house.key(.write, name: "till")
    }

    @discardableResult private func say(_ json: String) throws -> TestResponse {
        try house.post("/api/v1/consents", json: json, as: key)
    }

    @Test func `a consent is kept with all that makes it evidence, as it is published`() throws {
        let said = try say(
            """
            {"phone":"202-555-0101","country":"US","purpose":"marketing","action":"grant","source":"checkout",
             "wording":{"text":"Offers, please.","version":"3","language":"en"},"page_url":"https://shop.example/pay",
             "at":"2026-11-20T10:00:00Z"}
            """)
        #expect(said.status == 201)
        let json = try said.json()
        #expect(try APIShapes(house).problems(of: json, as: "Consent") == [])
        #expect(json["action"].string == "grant" && json["source"].string == "checkout")
        #expect(json["actor"].string == "token:till")
        #expect(json["at"].string == "2026-11-20T10:00:00.000Z")
        #expect(json["recorded_at"].string == "2026-11-20T10:28:18.000Z")
        #expect(json["wording"]["text"].string == "Offers, please." && json["wording"]["version"].string == "3")
        #expect(json["phone"].string == "+12025550101")
        let location = try #require(said.location)
        #expect(try house.get(location, as: key).bytes == said.bytes)
        let contact = try #require(json["contact_id"].string)
        let list = try house.get("/api/v1/consents?contact=\(contact)", as: key).json()
        #expect(try APIShapes(house).problems(ofEach: list, as: "Consent") == [])
    }

    @Test(arguments: [
        (#"{"purpose":"orders","action":"grant"}"#, "contact_id:required"),
        (#"{"contact_id":"999","purpose":"orders","action":"grant"}"#, "contact_id:unknown"),
        (#"{"contact_id":"abc","purpose":"orders","action":"grant"}"#, "contact_id:invalid"),
        (#"{"contact_id":"","phone":"+1 202 555 0142","purpose":"orders","action":"grant"}"#, "contact_id:required"),
        (#"{"phone":"+12025550101","purpose":"test","action":"grant"}"#, "purpose:unknown"),
        (#"{"phone":"+12025550101","purpose":"orders","action":"maybe"}"#, "action:unknown"),
        (#"{"phone":"+12025550101","purpose":"orders","action":"grant","at":"2030-01-01T00:00:00Z"}"#, "at:invalid"),
        (#"{"phone":"+12025550101","purpose":"orders","action":"grant","wording":{}}"#, "wording.text:required"),
    ])
    func `what is wrong with a consent is named`(json: String, error: String) throws {
        #expect(try say(json).problem == ["422", error])
    }

    @Test func `a list asks whose`() throws {
        #expect(try house.get("/api/v1/consents", as: key).problem == ["422", "contact:required"])
    }

    @Test func `checking finds a consent that was changed behind our back`() throws {
        try say(#"{"phone":"+12025550101","purpose":"orders","action":"grant"}"#)
        _ = try house.turns.sealConsents()
        let good = try house.get("/api/v1/consents/verify", as: key).json()
        #expect(try APIShapes(house).problems(of: good, as: "ConsentVerification") == [])
        #expect(good["ok"].bool == true && good["rows"].int == 1)
        let head = try #require(good["head"].string)
        #expect(try house.get("/api/v1/consents/verify?head=\(head)", as: key).json()["ok"].bool == true)
        try house.host.database.write { tx in try tx.run("UPDATE consents SET kind = 'withdraw'") }
        let bad = try house.get("/api/v1/consents/verify", as: key).json()
        #expect(bad["ok"].bool == false)
        #expect(bad["findings"][0]["kind"].string == "changed" && bad["findings"][0]["fact"].string == "row")
    }
}
