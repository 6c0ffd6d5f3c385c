import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import Store
import TestSupport
import Testing
import Text

/// Contacts by API: add, look, change, remove.
struct ContactsAPITests {
    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost()
        key = try house.key(.write)
    }

    @discardableResult private func add(_ json: String) throws -> TestResponse {
        try house.post("/api/v1/contacts", json: json, as: key)
    }

    private func patch(_ id: String, _ json: String) throws -> TestResponse {
        try house.send(.patch, "/api/v1/contacts/\(id)", .json(json), as: key)
    }

    @Test func `a contact is added with all that is told, and written as it is published`() throws {
        let added = try add(
            """
            {"phone":"0491 570 006","country":"AU","email":"ana@example.com","first_name":"Ana","last_name":"Pérez",
             "locale":"es","timezone":"Australia/Sydney","tags":["vip","tea","vip"],"custom":{"size":"M"}}
            """)
        #expect(added.status == 201)
        let json = try added.json()
        #expect(try APIShapes(house).problems(of: json, as: "Contact") == [])
        #expect(json["phone"].string == "+61491570006" && json["phone_raw"].string == "0491 570 006")
        #expect((json["tags"].array ?? []).map(\.string) == ["vip", "tea"])
        #expect(json["custom"]["size"].string == "M")
        #expect(json["consents"]["marketing"]["state"].string == "none")
        let id = try #require(json["id"].string)
        #expect(added.location == "/api/v1/contacts/\(id)")
        #expect(try house.get("/api/v1/contacts/\(id)", as: key).bytes == added.bytes)
    }

    @Test func `a phone stands once`() throws {
        let first = try add(#"{"phone":"+12025550101"}"#)
        let second = try add(#"{"phone":"(202) 555-0101"}"#)
        #expect(second.problem == ["409", "phone:taken"])
        #expect(try second.json()["errors"][0]["detail"].string == first.location)
    }

    @Test(arguments: [
        ("{}", "phone:required"), (#"{"phone":"12"}"#, "phone:phone.tooShort"),
        (#"{"phone":"+12025550101","email":"ana"}"#, "email:invalid"),
        (#"{"phone":"+12025550101","timezone":"Mars/Base"}"#, "timezone:unknown"),
        (#"{"phone":"+12025550101","country":"Spain"}"#, "country:invalid"),
        (#"{"phone":"+12025550101","tags":"vip"}"#, "tags:invalid"),
        (#"{"phone":"+12025550101","first_name":{}}"#, "first_name:invalid"),
    ])
    func `what is wrong with a contact is named`(json: String, error: String) throws {
        #expect(try add(json).problem == ["422", error])
    }

    @Test func `a change touches only what it names, and null empties`() throws {
        let id = try #require(
            try add(#"{"phone":"+12025550101","first_name":"Ana","email":"ana@example.com"}"#).json()["id"].string)
        house.clock.advance(by: .minutes(1))
        let changed = try patch(id, #"{"email":null,"last_name":"Pérez"}"#).json()
        #expect(changed["first_name"].string == "Ana" && changed["last_name"].string == "Pérez")
        #expect(changed["email"].isNull)
        #expect(changed["phone"].string == "+12025550101")
        #expect(changed["updated_at"].string == "2026-11-20T10:29:18.000Z")
    }

    @Test func `a corrected phone is read by the contact's own country`() throws {
        let id = try #require(try add(#"{"phone":"+61491570006","country":"AU"}"#).json()["id"].string)
        #expect(try patch(id, #"{"phone":"0491 570 156"}"#).json()["phone"].string == "+61491570156")
        try add(#"{"phone":"+12025550101"}"#)
        #expect(try patch(id, #"{"phone":"+12025550101"}"#).problem == ["409", "phone:taken"])
    }

    @Test func `who is removed is gone, and what they withdrew stays withdrawn`() throws {
        let contact = try house.contact("+12025550101", grants: [.orders])
        let said = ConsentStatement(purpose: .orders, action: .withdraw, at: house.clock.now(), source: "reply")
        _ = try house.host.consents.record([said], by: contact.id)
        let path = "/api/v1/contacts/\(contact.id)"
        #expect(try house.send(.delete, path, as: key).status == 204)
        #expect(try house.get(path, as: key).status == 404)
        #expect(try house.send(.delete, path, as: key).status == 404)
        let message = #"{"to":"+12025550101","purpose":"orders","text":"Hello"}"#
        let planned = try house.post("/api/v1/messages", json: message, as: key)
        try house.work()
        let id = try #require(try planned.json()["id"].string)
        let row = try house.get("/api/v1/messages/\(id)", as: key).json()
        #expect(row["reason"].string == "reason.do_not_contact")
        #expect(house.channel.texts.isEmpty)
    }

    @Test func `a list is searched and narrowed by consent`() throws {
        try house.contact("+12025550101", name: "Ana", grants: [.marketing])
        try house.contact("+12025550102", name: "Ben")
        func names(_ query: String) throws -> [String] {
            try (house.get("/api/v1/contacts?\(query)", as: key).json()["data"].array ?? [])
                .compactMap { $0["first_name"].string }
        }
        #expect(try names("q=an") == ["Ana"])
        #expect(try names("q=%2B120255501") == ["Ben", "Ana"])
        #expect(try names("consent=marketing") == ["Ana"])
        #expect(try names("consent=-marketing") == ["Ben"])
        #expect(try house.get("/api/v1/contacts?consent=gossip", as: key).problem == ["422", "consent:unknown"])
    }
}
