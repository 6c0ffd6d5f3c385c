import Core
import Domain
import HTTP
import TestSupport
import Testing
import Text

/// Whole exchanges as programs see them. `RECORD=1` writes them anew.
struct ExchangeTests {
    private static let order = """
        {"id":"1042","number":"A-1042","status":"processing","created_at":"2026-11-20T10:20:00Z",\
        "updated_at":"2026-11-20T10:20:00Z","total":{"amount":"29.90","currency":"EUR"},"payment_method":"cod",\
        "customer":{"first_name":"Ana","last_name":"Pérez","phone":"202-555-0101","country":"US"},\
        "items":[{"name":"Tea","quantity":2,"total":{"amount":"29.90","currency":"EUR"}}],\
        "consent":{"orders":true,"wording":"Write to me about my order."}}
        """

    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost()
        key = try house.key(.admin)
    }

    private func check(_ name: String, _ answers: [TestResponse]) throws {
        let text = answers.map(\.exchange).joined(separator: "\n########\n\n")
        try Snapshot.check(Snapshot.steady(text), "Tests/AppTests/Exchanges/\(name).http")
    }

    @Test func `orders`() throws {
        let created = try house.post("/api/v1/orders", json: Self.order, as: key)
        try check(
            "orders",
            [
                created, try house.get(created.location ?? "", as: key), try house.get("/api/v1/orders", as: key),
                try house.post("/api/v1/orders", json: #"{"id":"1","customer":{}}"#, as: key),
            ])
    }

    @Test func `messages`() throws {
        try house.contact("+12025550101", grants: [.orders])
        let request = #"{"to":"+12025550101","purpose":"orders","text":"Thank you, Ana."}"#
        let planned = try house.send(
            .post, "/api/v1/messages", .json(request), headers: ["Idempotency-Key": "thanks-1042"], as: key)
        let again = try house.send(
            .post, "/api/v1/messages", .json(request), headers: ["Idempotency-Key": "thanks-1042"], as: key)
        try house.work()
        try check(
            "messages",
            [
                planned, again, try house.get(planned.location ?? "", as: key),
                try house.get("/api/v1/messages?status=accepted", as: key),
            ])
    }

    @Test func `contacts and consents`() throws {
        let added = try house.post(
            "/api/v1/contacts", json: #"{"phone":"0491 570 006","country":"AU","first_name":"Ana"}"#, as: key)
        let id = try #require(try added.json()["id"].string)
        let consent = try house.post(
            "/api/v1/consents", json: "{\"contact_id\":\"\(id)\",\"purpose\":\"marketing\",\"action\":\"grant\"}",
            as: key)
        let changed = try house.send(.patch, "/api/v1/contacts/\(id)", .json(#"{"tags":["vip"]}"#), as: key)
        try check(
            "contacts",
            [
                added, consent, try house.get("/api/v1/consents?contact=\(id)", as: key), changed,
                try house.get("/api/v1/contacts?consent=marketing", as: key),
                try house.send(.delete, "/api/v1/contacts/\(id)", as: key),
            ])
    }

    @Test func `refusals`() throws {
        try check(
            "refusals",
            [
                try house.get("/api/v1/orders"), try house.get("/api/v1/nothing"),
                try house.get("/api/v1/settings", as: house.key(.read)),
                try house.post("/api/v1/orders", json: "{", as: key),
                try house.get("/api/v1/messages?limit=0&colour=red", as: key),
                try house.send(.patch, "/api/v1/settings", .json(#"{"site.country":"Spain"}"#), as: key),
            ])
    }
}
