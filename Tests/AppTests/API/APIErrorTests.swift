import App
import Core
import Database
import HTTP
import Messaging
import PluginKit
import Store
import TestSupport
import Testing
import Text

/// What the API says when a call is not right.
struct APIErrorTests {
    private let house: TestHost

    init() throws { house = try TestHost() }

    @Test func `a call without a key, or with one that was revoked, is 401`() throws {
        let answer = try house.get("/api/v1/orders")
        #expect(answer.problem == ["401"])
        #expect(answer.headers["WWW-Authenticate"] == "Bearer")
        #expect(try house.get("/api/v1/orders", as: .key("cw_nonsense")).problem == ["401"])
        let key = try house.key(.read)
        let now = house.clock.now()
        try house.host.database.write { tx in
            for token in try TokensTable.all(in: tx) { _ = try TokensTable.revoke(token.id, at: now, in: tx) }
        }
        #expect(try house.get("/api/v1/orders", as: key).problem == ["401"])
    }

    @Test(arguments: [
        (Scope.read, "POST", "/api/v1/messages"), (.read, "POST", "/api/v1/orders"),
        (.read, "DELETE", "/api/v1/contacts/1"), (.write, "GET", "/api/v1/settings"),
        (.write, "PATCH", "/api/v1/settings"),
    ])
    func `a key is refused what is beyond its scope`(scope: Scope, method: String, path: String) throws {
        let answer = try house.send(Method(rawValue: method), path, as: house.key(scope))
        #expect(answer.problem == ["403"])
    }

    @Test func `a body of another type is 415, one that is not JSON is 400 with its place`() throws {
        let key = try house.key(.write)
        let form = try house.post("/api/v1/contacts", form: [(name: "phone", value: "1")], as: key)
        #expect(form.problem == ["415"])
        let broken = try house.post("/api/v1/contacts", json: "{\n  \"phone\": \"+12025550101\",\n  oops }", as: key)
        #expect(broken.problem == ["400"])
        #expect(try broken.json()["detail"].string?.contains("line 3") == true)
        #expect(try house.post("/api/v1/contacts", json: "[1]", as: key).problem == ["400"])
        #expect(try house.send(.post, "/api/v1/contacts", as: key).problem == ["415"])
    }

    @Test func `a body that is too long is 413, as a problem document too`() throws {
        let long = "{\"phone\":\"" + String(repeating: "1", count: 1 << 20) + "\"}"
        #expect(try house.post("/api/v1/contacts", json: long, as: house.key(.write)).problem == ["413"])
    }

    @Test(arguments: [
        "/api/v1/orders/999", "/api/v1/orders/abc", "/api/v1/messages/999", "/api/v1/contacts/0",
        "/api/v1/consents/999", "/api/v1/deliveries/999",
    ])
    func `an id that is nobody's is 404`(path: String) throws {
        #expect(try house.get(path, as: house.key(.read)).problem == ["404"])
    }

    @Test(arguments: [
        ("limit=0", "limit:invalid"), ("limit=201", "limit:invalid"), ("limit=ten", "limit:invalid"),
        ("after=x", "after:invalid"), ("segment=7", "segment:unknown"), ("status=lost", "status:unknown"),
        ("contact=x", "contact:invalid"),
    ])
    func `a list refuses what it does not understand`(query: String, error: String) throws {
        let answer = try house.get("/api/v1/messages?\(query)", as: house.key(.read))
        #expect(answer.problem == ["422", error])
    }

    @Test func `what the server itself refuses is a problem document too`() throws {
        let bytes = Array("GET /api/v1/orders HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".utf8)
        let dispatch = house.application.frontDoor.dispatch
        do {
            _ = try RequestHead(bytes[...], Limits())
            Issue.record("two hosts were taken")
        } catch {
            let answer = dispatch.refusal(error, "/api/v1/orders?limit=1")
            let problem = try JSON(parsing: answer.bytes ?? [])
            #expect(answer.headers["Content-Type"] == "application/problem+json")
            #expect(problem["status"].int == 400 && problem["instance"].string == "/api/v1/orders")
            #expect(dispatch.refusal(error, "/admin").headers["Content-Type"] == "text/plain; charset=utf-8")
            #expect(dispatch.refusal(error, nil).headers["Content-Type"] == "text/plain; charset=utf-8")
        }
    }

    @Test func `a method that an address does not have is 405 and names those it has`() throws {
        let answer = try house.send(.delete, "/api/v1/orders", as: house.key(.write))
        #expect(answer.status == 405)
        #expect(answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST")
        #expect(answer.headers["Content-Type"] == "application/problem+json")
        #expect(try house.send(.put, "/api/v1/orders", .json("{}"), as: house.key(.write)).status == 405)
    }
}
