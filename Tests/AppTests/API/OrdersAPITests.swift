import Core
import Domain
import HTTP
import Store
import TestSupport
import Testing
import Text

/// Orders told by shops without a plugin of their own.
struct OrdersAPITests {
    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost()
        key = try house.key(.write)
    }

    private func order(_ changes: [String: String] = [:]) -> String {
        var fields = [
            "id": "\"1042\"", "number": "\"A-1042\"", "status": "\"processing\"",
            "created_at": "\"2026-11-20T10:20:00Z\"", "updated_at": "\"2026-11-20T10:20:00Z\"",
            "total": "{\"amount\":\"29.90\",\"currency\":\"EUR\"}",
            "customer":
                "{\"first_name\":\"Ana\",\"last_name\":\"Pérez\",\"phone\":\"202-555-0101\",\"country\":\"US\"}",
            "items": "[{\"name\":\"Tea\",\"quantity\":2,\"total\":{\"amount\":\"29.90\",\"currency\":\"EUR\"}}]",
        ]
        fields.merge(changes) { $1 }
        return "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    @Test func `a new order is 201 with its place, the same told again 200`() throws {
        let first = try house.post("/api/v1/orders", json: order(), as: key)
        #expect(first.status == 201)
        let id = try #require(try first.json()["id"].string)
        #expect(first.location == "/api/v1/orders/\(id)")
        let second = try house.post("/api/v1/orders", json: order(["status": "\"completed\""]), as: key)
        #expect(second.status == 200)
        #expect(try second.json()["id"].string == id)
        #expect(try house.get("/api/v1/orders/\(id)", as: key).json()["status"].string == "completed")
    }

    @Test func `an order is written as it is published`() throws {
        let shapes = try APIShapes(house)
        let told = try house.post(
            "/api/v1/orders", json: order(["payment_url": "\"https://pay.example/1\"", "shop": "\"till\""]), as: key)
        #expect(try shapes.problems(of: told.json(), as: "Order") == [])
        #expect(try shapes.problems(ofEach: house.get("/api/v1/orders", as: key).json(), as: "Order") == [])
        let json = try told.json()
        #expect(json["external_id"].string == "1042" && json["shop"].string == "till")
        #expect(json["total"]["amount"].string == "29.90" && json["total"]["currency"].string == "EUR")
        #expect(json["created_at"].string == "2026-11-20T10:20:00.000Z")
        #expect(json["tracking_url"].isNull)
    }

    @Test func `an older state changes nothing`() throws {
        try house.post("/api/v1/orders", json: order(), as: key)
        let older = order(["status": "\"pending\"", "updated_at": "\"2026-11-20T10:19:59Z\""])
        let answer = try house.post("/api/v1/orders", json: older, as: key)
        #expect(answer.status == 200)
        #expect(try answer.json()["status"].string == "processing")
    }

    @Test func `what the customer chose at the checkout is on record with its wording`() throws {
        let consent = "{\"orders\":true,\"marketing\":false,\"wording\":\"Write to me about my order.\"}"
        let told = try house.post("/api/v1/orders", json: order(["consent": consent]), as: key)
        let contact = try #require(try told.json()["contact_id"].string)
        let person = try house.get("/api/v1/contacts/\(contact)", as: key).json()
        #expect(person["consents"]["orders"]["state"].string == "granted")
        #expect(person["consents"]["orders"]["source"].string == "order")
        #expect(person["consents"]["marketing"]["state"].string == "withdrawn")
        #expect(person["consents"]["carts"]["state"].string == "none")
        let rows = try house.get("/api/v1/consents?contact=\(contact)", as: key).json()["data"].array ?? []
        #expect(rows.map { $0["wording"]["text"].string } == Array(repeating: "Write to me about my order.", count: 2))
    }

    @Test func `the same order told again does not bring back what was withdrawn since`() throws {
        let granted = order(["consent": "{\"orders\":true}"])
        let told = try house.post("/api/v1/orders", json: granted, as: key)
        let contact = try #require(try told.json()["contact_id"].string)
        let withdrawal = "{\"contact_id\":\"\(contact)\",\"purpose\":\"orders\",\"action\":\"withdraw\"}"
        #expect(try house.post("/api/v1/consents", json: withdrawal, as: key).status == 201)
        try house.post("/api/v1/orders", json: granted, as: key)
        let person = try house.get("/api/v1/contacts/\(contact)", as: key).json()
        #expect(person["consents"]["orders"]["state"].string == "withdrawn")
    }

    @Test(arguments: [
        ("id", "null", "id:required"), ("number", "\"\"", "number:required"),
        ("created_at", "\"yesterday\"", "created_at:invalid"),
        ("total", "{\"amount\":\"1\"}", "total.currency:required"),
        ("total", "{\"amount\":\"ten\",\"currency\":\"EUR\"}", "total.amount:invalid"),
        ("customer", "\"Ana\"", "customer:required"),
        ("customer", "{\"phone\":\"1\",\"country\":\"Spain\"}", "customer.country:invalid"),
        ("customer", "{}", "customer.phone:required"),
        (
            "items", "[{\"name\":\"Tea\",\"quantity\":-1,\"total\":{\"amount\":\"1\",\"currency\":\"EUR\"}}]",
            "items[0].quantity:invalid"
        ),
        ("consent", "{\"carrots\":true}", "consent.carrots:unknown"),
        ("consent", "{\"orders\":\"yes\"}", "consent.orders:invalid"),
        ("status", "\"checkout-draft\"", "status:not_an_order"),
    ])
    func `a field that is not right is named with its place`(field: String, value: String, error: String) throws {
        let answer = try house.post("/api/v1/orders", json: order([field: value]), as: key)
        #expect(answer.problem == ["422", error])
        #expect(try house.get("/api/v1/orders", as: key).json()["data"].array?.isEmpty == true)
    }

    @Test func `a phone that cannot be read keeps the order and names the problem`() throws {
        let told = try house.post("/api/v1/orders", json: order(["customer": "{\"phone\":\"12\"}"]), as: key)
        #expect(told.status == 201)
        #expect(try told.json()["phone_problem"].string?.hasPrefix("phone.") == true)
        #expect(try told.json()["contact_id"].isNull)
    }

    @Test func `a list goes on where the page before ended`() throws {
        for number in 1...5 {
            let time = "\"2026-11-20T10:2\(number):00Z\""
            let json = order(["id": "\"\(number)\"", "created_at": time, "updated_at": time])
            try house.post("/api/v1/orders", json: json, as: key)
        }
        var seen: [String] = []
        var after = ""
        repeat {
            let page = try house.get("/api/v1/orders?limit=2\(after)", as: key).json()
            seen += (page["data"].array ?? []).compactMap { $0["external_id"].string }
            after = page["next"].string.map { "&after=\($0)" } ?? ""
        } while !after.isEmpty
        #expect(seen == ["5", "4", "3", "2", "1"])
    }
}
