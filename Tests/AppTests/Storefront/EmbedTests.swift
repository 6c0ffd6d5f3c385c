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

/// The storefront's script and what it may do.
struct EmbedTests {
    private static let shop = "https://shop.example"
    private let house: TestHost

    init() throws { house = try TestHost(settings: ["site.name": "Wool & Wire"]) }

    private var siteKey: String { house.host.settings[HostSettings.siteKey] }

    @discardableResult private func post(
        _ path: String, _ json: String, origin: String? = shop, session: String? = nil,
        from address: String = "203.0.113.7"
    ) throws -> TestResponse {
        var headers: Headers = ["User-Agent": "Browser"]
        headers["Origin"] = origin
        headers["X-Cartwright-Session"] = session
        return try house.send(.post, path, .json(json), headers: headers, from: address)
    }

    private func session() throws -> String {
        try #require(try post("/embed/session", "{\"site\":\"\(siteKey)\"}").json()["token"].string)
    }

    private func consents(of phone: String) throws -> [ConsentRecord] {
        try house.host.database.read { tx in
            guard let contact = try ContactsTable.find(phone: phone, in: tx) else { return [] }
            return try ConsentsTable.all(of: contact.id, in: tx)
        }
    }

    private func receive(key: String?, phone: String = "202-555-0101") throws {
        let now = house.clock.now()
        let order = Order(
            shop: "woocommerce", externalID: "37", number: "37", status: "processing", createdAt: now, updatedAt: now,
            total: Money(minorUnits: 2990, currency: "EUR"),
            customer: OrderCustomer(firstName: "Ana", lastName: "", phone: phone, country: "US"), key: key)
        try house.host.orders.receive(order)
    }

    @Test func `a page of the shop gets a session, a foreign page gets nothing`() throws {
        let good = try post("/embed/session", "{\"site\":\"\(siteKey)\"}")
        #expect(good.status == 200)
        #expect(good.headers["Access-Control-Allow-Origin"] == Self.shop)
        #expect(try good.json()["expires_in"].int == 3600)
        for origin in ["https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null", nil]
        {
            let bad = try post("/embed/session", "{\"site\":\"\(siteKey)\"}", origin: origin)
            #expect(bad.status == 403, "\(origin ?? "no origin")")
            #expect(bad.headers["Access-Control-Allow-Origin"] == nil)
        }
        #expect(try post("/embed/session", "{\"site\":\"wrong\"}").status == 404)
        #expect(try post("/embed/session", "{}").status == 404)
    }

    @Test func `a browser may ask before it sends`() throws {
        let headers: Headers = ["Origin": Self.shop, "Access-Control-Request-Method": "POST"]
        let answer = try house.send(.options, "/embed/consent", headers: headers)
        #expect(answer.status == 204)
        #expect(answer.headers["Access-Control-Allow-Origin"] == Self.shop)
        #expect(answer.headers["Access-Control-Allow-Headers"] == "Content-Type, X-Cartwright-Session")
        let foreign = try house.send(.options, "/embed/consent", headers: ["Origin": "https://evil.example"])
        #expect(foreign.status == 403)
        #expect(foreign.headers["Access-Control-Allow-Origin"] == nil)
    }

    @Test func `origins that are named take the place of the shop's own`() throws {
        try house.host.settings.change(["embed.origins": "https://a.example,https://b.example:8443"], by: "test")
        let body = "{\"site\":\"\(siteKey)\"}"
        #expect(try post("/embed/session", body, origin: "https://b.example:8443").status == 200)
        #expect(try post("/embed/session", body, origin: Self.shop).status == 403)
    }

    @Test func `with the demo shop the server's own pages may call, without it not`() throws {
        let demo = try TestHost { $0.demo = true }
        let key = demo.host.settings[HostSettings.siteKey]
        let headers: Headers = ["Origin": "http://127.0.0.1:8080", "Host": "127.0.0.1:8080"]
        let body = TestBody.json("{\"site\":\"\(key)\"}")
        #expect(try demo.send(.post, "/embed/session", body, headers: headers).status == 200)
        let ours = TestBody.json("{\"site\":\"\(siteKey)\"}")
        #expect(try house.send(.post, "/embed/session", ours, headers: headers).status == 403)
    }

    @Test func `the config has the sentences of the box in the page's language`() throws {
        let answer = try house.send(
            .get, "/embed/config?site=\(siteKey)&language=en-GB", headers: ["Origin": Self.shop])
        let json = try answer.json()
        #expect(json["wording"]["language"].string == "en")
        #expect(
            (json["wording"]["choices"].array ?? []).map { $0["purpose"].string } == [
                "orders", "payments", "carts", "marketing",
            ])
        #expect(json["wording"]["choices"][0]["text"].string?.contains("Wool & Wire") == true)
        #expect(try house.send(.get, "/embed/config?site=wrong").status == 404)
    }

    @Test func `a choice with a phone is on record at once with all that makes it evidence`() throws {
        let session = try session()
        let version = try house.get("/embed/config?site=\(siteKey)").json()["wording"]["version"].string ?? ""
        let answer = try post(
            "/embed/consent",
            """
            {"phone":"(202) 555-0101","country":"US","email":"ana@example.com",
             "choices":{"orders":true,"marketing":false},"wording_version":"\(version)","language":"en",
             "page":"https://shop.example/checkout"}
            """, session: session, from: "198.51.100.9")
        #expect(answer.status == 202)
        #expect(answer.text == "{}")
        let rows = try consents(of: "+12025550101")
        #expect(
            Set(rows.map { "\($0.purpose.rawValue) \($0.kind.rawValue)" }) == ["orders grant", "marketing withdraw"])
        let granted = try #require(rows.first { $0.kind == .grant })
        #expect(granted.source == "checkout" && granted.wordingVersion == version && granted.wordingLanguage == "en")
        let details = try house.host.database.read { tx in try ConsentsTable.details(of: [granted.id], in: tx) }
        let kept = Dictionary(details.map { ($0.detail, $0.value) }) { first, _ in first }
        #expect(kept[.wording] == "Yes, Wool & Wire may write to me on WhatsApp about my orders.")
        #expect(kept[.page] == "https://shop.example/checkout")
        #expect(kept[.address] == "198.51.100.9" && kept[.agent] == "Browser")
    }

    @Test(arguments: [
        #"{"phone":"+12025550101","choices":{"orders":true}}"#, #"{"phone":"12","choices":{"orders":true}}"#,
        #"{"choices":{"orders":true}}"#, #"{"email":"ana@example.com","choices":{}}"#,
        #"{"order":{"id":"9","key":"guess"},"choices":{"orders":true}}"#,
    ])
    func `the answer is always the same, whoever is known`(body: String) throws {
        try house.contact("+12025550101", grants: [.marketing])
        let answer = try post("/embed/consent", body, session: session())
        #expect(answer.status == 202)
        #expect(answer.text == "{}")
    }

    @Test func `a yes without an order as proof never lifts a withdrawal`() throws {
        let contact = try house.contact("+12025550101", grants: [.orders])
        let stop = ConsentStatement(purpose: .orders, action: .withdraw, at: house.clock.now(), source: "reply")
        _ = try house.host.consents.record([stop], by: contact.id)
        house.clock.advance(by: .minutes(1))
        let typed = #"{"phone":"+12025550101","choices":{"orders":true,"marketing":true}}"#
        #expect(try post("/embed/consent", typed, session: session()).status == 202)
        func states() throws -> [Purpose: ConsentState] {
            try house.host.database.read { tx in
                try ConsentStatesTable.all(of: contact.id, in: tx).mapValues(\.state)
            }
        }
        #expect(try states() == [.orders: .withdrawn, .marketing: .granted])
        // The customer of an order may take it back: only they know its key.
        try receive(key: "wc_order_1")
        let proved = #"{"phone":"+12025550101","order":{"id":"37","key":"wc_order_1"},"choices":{"orders":true}}"#
        #expect(try post("/embed/consent", proved, session: session()).status == 202)
        #expect(try states()[.orders] == .granted)
    }

    @Test func `a choice for a known order counts for its person, with the right word only`() throws {
        try receive(key: "wc_order_abc")
        let session = try session()
        func say(_ key: String) throws {
            let body = #"{"order":{"id":"37","key":"\#(key)"},"choices":{"orders":true}}"#
            #expect(try post("/embed/consent", body, session: session).status == 202)
        }
        try say("wc_order_xyz")
        #expect(try consents(of: "+12025550101").isEmpty)
        try say("wc_order_abc")
        #expect(try consents(of: "+12025550101").map(\.kind) == [.grant])
    }

    @Test func `a choice for an order that is not known yet waits for it, seven days`() throws {
        let body = #"{"order":{"id":"37","key":"wc_order_abc"},"choices":{"orders":true}}"#
        try post("/embed/consent", body, session: session())
        try receive(key: "wc_order_abc")
        #expect(try consents(of: "+12025550101").map(\.kind) == [.grant])
        let other = try TestHost()
        let late = try EmbedTests(other)
        try late.post("/embed/consent", body, session: late.session())
        other.clock.advance(by: .days(7))
        try late.receive(key: "wc_order_abc")
        #expect(try late.consents(of: "+12025550101").isEmpty)
    }

    private init(_ house: TestHost) throws { self.house = house }

    @Test(arguments: [
        #"{"phone":"+12025550101","choices":{"orders":true}}"#,
        #"{"order":{"id":"37","key":"wc_order_abc"},"choices":{"orders":true}}"#,
    ])
    func `either road wakes the message that waits for the word`(body: String) throws {
        try receive(key: "wc_order_abc")
        let message = #"{"to":"+12025550101","purpose":"orders","text":"Thank you"}"#
        try house.post("/api/v1/messages", json: message, as: house.key(.write))
        try house.work()
        #expect(house.channel.texts.isEmpty)
        try post("/embed/consent", body, session: session())
        try house.work()
        #expect(house.channel.texts == ["Thank you"])
    }

    @Test func `a choice needs a session that is not over`() throws {
        let body = #"{"phone":"+12025550101","choices":{"orders":true}}"#
        #expect(try post("/embed/consent", body).status == 401)
        #expect(try post("/embed/consent", body, session: "AAAA").status == 401)
        let session = try session()
        let beacon = #"{"session":"\#(session)","phone":"+12025550101","choices":{"orders":true}}"#
        let sent = try house.send(
            .post, "/embed/consent", .bytes(Array(beacon.utf8), type: "text/plain;charset=UTF-8"),
            headers: ["Origin": Self.shop])
        #expect(sent.status == 202)
        house.clock.advance(by: .hours(1))
        let late = try post("/embed/consent", body, session: session)
        #expect(late.status == 401)
        #expect(late.headers["Access-Control-Allow-Origin"] == Self.shop)
    }

    @Test func `sixty choices a minute are a visitor's, six hundred calls an address's`() throws {
        let body = #"{"choices":{}}"#
        let session = try session()
        for _ in 1...60 { #expect(try post("/embed/consent", body, session: session).status == 202) }
        let refused = try post("/embed/consent", body, session: session)
        #expect(refused.status == 429)
        #expect(refused.headers["Retry-After"] == "60")
        #expect(refused.headers["Access-Control-Allow-Origin"] == Self.shop)
        house.clock.advance(by: .minutes(1))
        #expect(try post("/embed/consent", body, session: session).status == 202)
        let config = "/embed/config?site=\(siteKey)"
        for _ in 2...600 { #expect(try house.get(config).status == 200) }
        #expect(try house.get(config).status == 429)
        #expect(try house.send(.get, config, from: "203.0.113.8").status == 200)
    }

    @Test func `more than 64 kB is too much`() throws {
        let long = "{\"site\":\"" + String(repeating: "x", count: 64 << 10) + "\"}"
        #expect(try post("/embed/session", long).status == 413)
    }

    @Test(arguments: [
        ("{", 400), ("{}", 422), (#"{"choices":{"orders":"yes"}}"#, 422), (#"{"choices":{"x":true}}"#, 422),
    ])
    func `what is not a choice is refused`(body: String, status: Int) throws {
        #expect(try post("/embed/consent", body, session: session()).status == status)
    }
}
