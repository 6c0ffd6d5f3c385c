import App
import Core
import Database
import Domain
import HTTP
import Messaging
import Store
import TestSupport
import Testing
import Text

/// What can be done to a message by API, and under which key it stands.
struct MessageActionsAPITests {
    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost()
        key = try house.key(.write)
        try house.contact("+12025550101", grants: [.orders])
    }

    private func plan(_ text: String, under name: String, as caller: TestCaller? = nil) throws -> JSON {
        try house.send(
            .post, "/api/v1/messages", .json(#"{"to":"+12025550101","purpose":"orders","text":"\#(text)"}"#),
            headers: ["Idempotency-Key": name], as: caller ?? key
        ).json()
    }

    @discardableResult private func post(_ message: JSON, _ action: String) throws -> TestResponse {
        try house.send(.post, "/api/v1/messages/\(message["id"].string ?? "")/\(action)", as: key)
    }

    @Test func `a message that has not left is taken back, once`() throws {
        let message = try plan("one", under: "1")
        #expect(try post(message, "send-again").problem == ["409"])
        let cancelled = try post(message, "cancel")
        #expect(cancelled.status == 200)
        #expect(try cancelled.json()["status"].string == "cancelled")
        #expect(try post(message, "cancel").problem == ["409"])
        #expect(try house.send(.post, "/api/v1/messages/7/cancel", as: key).problem == ["404"])
        #expect(try house.send(.post, "/api/v1/messages/7/send-again", as: key).problem == ["404"])
    }

    @Test func `a message that was stopped is sent again as one of its own, and both are on record`() throws {
        let message = try plan("one", under: "1")
        try post(message, "cancel")
        let again = try post(message, "send-again")
        #expect(again.status == 201)
        #expect(try again.json()["intent_key"].string == "api:1#2")
        #expect(again.location == "/api/v1/messages/\(try again.json()["id"].string ?? "")")
        let actions = try house.host.database.read { tx in
            try AuditTable.page(PageRequest(), in: tx).rows.map(\.action)
        }
        #expect(actions.prefix(2) == ["message.sent_again", "message.cancelled"])
    }

    @Test func `the same key of another client is another message`() throws {
        let other = try house.key(.write, name: "other")
        let (mine, theirs) = (try plan("hello", under: "1"), try plan("hello", under: "1", as: other))
        #expect(mine["intent_key"].string == "api:1")
        #expect(theirs["intent_key"].string?.hasPrefix("api:1·") == true)
        #expect(mine["id"].string != theirs["id"].string)
        #expect(mine["source"]["id"].string != theirs["source"]["id"].string)
        house.clock.advance(by: .hours(25))
        #expect(try plan("hello", under: "1", as: other)["id"].string == theirs["id"].string)
        #expect(try plan("hello", under: "1")["id"].string == mine["id"].string)
    }

    @Test func `a key with a number sign of its own stays apart from what is sent again`() throws {
        let (plain, numbered) = (try plan("hello", under: "1"), try plan("hello", under: "1#2"))
        for message in [plain, numbered] { try post(message, "cancel") }
        #expect(try post(plain, "send-again").json()["intent_key"].string == "api:1#3")
        #expect(try post(numbered, "send-again").json()["intent_key"].string == "api:1#2#2")
        let later = try plan("hello", under: "1#3")
        #expect(later["intent_key"].string?.hasPrefix("api:1#3·") == true)
        #expect(later["status"].string == "planned")
    }
}
