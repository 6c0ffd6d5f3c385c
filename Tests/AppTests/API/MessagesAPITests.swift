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

/// The ledger as programs see it, and one message at a time into it.
struct MessagesAPITests {
    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost()
        key = try house.key(.write)
    }

    @discardableResult private func plan(_ json: String, key name: String? = nil) throws -> TestResponse {
        try house.send(
            .post, "/api/v1/messages", .json(json), headers: name.map { ["Idempotency-Key": $0] } ?? [:], as: key)
    }

    @Test func `a planned message leaves when the person has agreed`() throws {
        try house.contact("+12025550101", grants: [.orders])
        let planned = try plan(#"{"to":"(202) 555-0101","purpose":"orders","text":"Hello"}"#)
        #expect(planned.status == 201)
        let id = try #require(try planned.json()["id"].string)
        #expect(planned.location == "/api/v1/messages/\(id)")
        #expect(try planned.json()["status"].string == "planned")
        try house.work()
        #expect(house.channel.texts == ["Hello"])
        let message = try house.get("/api/v1/messages/\(id)", as: key).json()
        #expect(message["status"].string == "accepted")
        #expect(message["to"].string == "+12025550101")
        #expect(message["attempts"][0]["outcome"].string == "accepted")
        let trail = (message["trail"].array ?? []).map { $0["kind"].string }
        #expect(trail == ["planned", "handed_over", "accepted"])
    }

    @Test func `without consent it waits, then is suppressed, and says so in sentences`() throws {
        let planned = try plan(#"{"to":"+12025550101","purpose":"orders","text":"Hello"}"#)
        let id = try #require(try planned.json()["id"].string)
        try house.work()
        try house.advance(by: .minutes(11))
        let message = try house.get("/api/v1/messages/\(id)", as: key).json()
        #expect(message["status"].string == "suppressed")
        #expect(message["reason"].string == "reason.no_consent")
        #expect(house.channel.texts.isEmpty)
        let sentences = (message["trail"].array ?? []).compactMap { $0["text"].string }
        #expect(sentences.count == 3)
        #expect(sentences[0] == "Planned.")
        #expect(sentences[1].hasPrefix("Waits until Nov 20, 2026, 10:38"))
        #expect(sentences[1].hasSuffix("The person has not said yes or no yet."))
        #expect(sentences[2] == "Not sent. The person has not agreed to these messages.")
    }

    @Test func `a consent that comes in time wakes the waiting message`() throws {
        try plan(#"{"to":"+12025550101","purpose":"orders","text":"Hello"}"#)
        try house.work()
        #expect(house.channel.texts.isEmpty)
        let consent = #"{"phone":"+12025550101","purpose":"orders","action":"grant"}"#
        #expect(try house.post("/api/v1/consents", json: consent, as: key).status == 201)
        try house.work()
        #expect(house.channel.texts == ["Hello"])
    }

    @Test func `messages are written as they are published`() throws {
        let shapes = try APIShapes(house)
        try house.contact("+12025550101", grants: [.orders, .marketing])
        house.channel.answer(
            .refused(Failure(.stopPerson, code: "131026", detail: "Undeliverable"), httpStatus: 400, after: nil))
        let failed = try plan(#"{"to":"+12025550101","purpose":"orders","text":"One"}"#)
        try plan(
            #"{"to":"+12025550101","purpose":"marketing","template":{"name":"sale","language":"en","parameters":{"1":"Tea"}}}"#
        )
        try house.work()
        #expect(try shapes.problems(of: failed.json(), as: "Message") == [])
        let list = try house.get("/api/v1/messages", as: key).json()
        #expect(shapes.problems(ofEach: list, as: "Message") == [])
        for id in (list["data"].array ?? []).compactMap({ $0["id"].string }) {
            let one = try house.get("/api/v1/messages/\(id)", as: key).json()
            #expect(shapes.problems(of: one, as: "MessageWithTrail") == [])
        }
        let failure = list["data"][1]["failure"]
        #expect(failure["class"].string == "stop_person" && failure["code"].string == "131026")
        #expect(list["data"][0]["template"]["parameters"]["1"].string == "Tea")
    }

    @Test func `a list is narrowed by status, purpose, contact and order`() throws {
        let ana = try house.contact("+12025550101", grants: [.orders])
        try house.contact("+12025550102", name: "Ben")
        try plan(#"{"to":"+12025550101","purpose":"orders","text":"One"}"#)
        try plan(#"{"to":"+12025550102","purpose":"marketing","text":"Two"}"#)
        try house.work()
        func texts(_ query: String) throws -> [String] {
            try (house.get("/api/v1/messages?\(query)", as: key).json()["data"].array ?? [])
                .compactMap { $0["text"].string }
        }
        #expect(try texts("status=accepted") == ["One"])
        #expect(try texts("status=suppressed") == ["Two"])
        #expect(try texts("purpose=marketing") == ["Two"])
        #expect(try texts("contact=\(ana.id)") == ["One"])
        #expect(try texts("order=1") == [])
        #expect(try texts("campaign=1") == [])
    }

    @Test(arguments: [
        (#"{"purpose":"orders","text":"Hi"}"#, "to:required"),
        (#"{"to":"12","purpose":"orders","text":"Hi"}"#, "to:phone.tooShort"),
        (#"{"to":"+12025550101","purpose":"gossip","text":"Hi"}"#, "purpose:unknown"),
        (#"{"to":"+12025550101","purpose":"orders"}"#, "text:required"),
        (#"{"to":"+12025550101","purpose":"orders","template":{"language":"en"}}"#, "template.name:required"),
        (
            #"{"to":"+12025550101","purpose":"orders","template":{"name":"a","language":"en","parameters":[1]}}"#,
            "template.parameters:invalid"
        ),
    ])
    func `what is wrong with a message is named`(json: String, error: String) throws {
        #expect(try plan(json).problem == ["422", error])
    }

    @Test func `the Idempotency-Key is the intent of the message for good`() throws {
        let first = try plan(#"{"to":"+12025550101","purpose":"orders","text":"Hi"}"#, key: "order-7")
        #expect(try first.json()["intent_key"].string == "api:order-7")
        house.clock.advance(by: .days(2))
        let again = try plan(#"{"to":"+12025550101","purpose":"orders","text":"Hi"}"#, key: "order-7")
        #expect(try again.json()["id"].string == first.json()["id"].string)
        house.clock.advance(by: .days(2))
        let other = try plan(#"{"to":"+12025550101","purpose":"orders","text":"Bye"}"#, key: "order-7")
        #expect(other.problem == ["422", "Idempotency-Key:used"])
    }

    @Test func `a test message goes to any number without a word of consent`() throws {
        let sent = try house.post("/api/v1/test-message", json: #"{"to":"+12025550109","text":"Test"}"#, as: key)
        #expect(sent.status == 202)
        #expect(try sent.json()["purpose"].string == "test")
        try house.work()
        #expect(house.channel.texts == ["Test"])
        #expect(house.channel.messages.map(\.phone) == ["+12025550109"])
    }
}
