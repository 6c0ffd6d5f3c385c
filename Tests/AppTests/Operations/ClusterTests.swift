import App
import Core
import Database
import Domain
import HTTP
import Messaging
import MetaCloudAPI
import SQL
import Store
import Synchronization
import TestSupport
import Testing
import Text

/// Two nodes on one database: what one begins the other knows.
struct ClusterTests {
    private static let engines = TestDatabase.engines

    /// Both with the same plugins and key file.
    private func nodes(_ engine: Engine) throws -> (a: TestHost, b: TestHost) {
        let a = try TestHost(engine, plugins: [MetaCloudAPIPlugin()])
        return (a, try TestHost(plugins: [MetaCloudAPIPlugin()], beside: a))
    }

    /// A browser whose next request reaches another node.
    private func move(_ visitor: Visitor, to house: TestHost) -> Visitor { Visitor(house, as: visitor) }

    @Test(arguments: engines)
    func `who signs in on one is signed in on the other, until they sign out anywhere`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        let owner = try a.signIn(.owner)
        let onA = Visitor(a)
        #expect(try onA.signIn(owner.email).location == "/admin")
        let onB = move(onA, to: b)
        #expect(try onB.get("/admin").status == 200)
        #expect(try onB.post("/admin/logout").status == 303)
        #expect(try onA.get("/admin").location?.hasPrefix("/admin/login") == true)
    }

    @Test(arguments: engines)
    func `a sign-in page opened on one is posted to the other`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        let owner = try a.signIn(.owner)
        let onA = Visitor(a)
        try onA.get("/admin/login")
        let onB = move(onA, to: b)
        let fields = [("email", owner.email), ("password", TestHost.password), ("next", "/admin")]
        #expect(try onB.post("/admin/login", fields).location == "/admin")
    }

    @Test(arguments: engines)
    func `a form opened on one is posted to the other`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        let owner = try a.signIn(.owner)
        let onA = Visitor(a)
        try onA.signIn(owner.email)
        try onA.get("/admin/settings/site")
        let fields = Self.fields(of: try #require(onA.page?.text))
        let onB = move(onA, to: b)
        let changed = fields.filter { $0.name != "site.name" && $0.name != "csrf" } + [("site.name", "Wool & Wire")]
        #expect(try onB.post("/admin/settings/site", changed).status == 303)
        try a.application.refresh()
        #expect(a.host.site.name == "Wool & Wire")
    }

    @Test(arguments: engines)
    func `a password that is asked for again on one is enough for the other`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        let owner = try a.signIn(.owner)
        let onA = Visitor(a)
        try onA.signIn(owner.email)
        a.clock.advance(by: .minutes(20))
        try onA.get("/admin/tokens")
        try onA.get("/admin/users")
        let asked = try onA.post("/admin/tokens", [("name", "till"), ("scope", "read")])
        #expect(asked.status == 422)
        let onB = move(onA, to: b)
        let sealed = try #require(onA.value(of: "confirm.form"))
        let made = try onB.post(
            "/admin/tokens", [("confirm.form", sealed), ("confirm.password", TestHost.password)])
        #expect(made.status == 303)
        // What was made on one is shown once by the other.
        #expect(try move(onB, to: a).follow().text.contains("cw_"))
    }

    @Test(arguments: engines)
    func `wrong passwords count on all nodes together`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        let owner = try a.signIn(.owner)
        for house in [a, b, a, b, a, b, a, b, a, b] {
            #expect(try Visitor(house, from: "198.51.100.1").signIn(owner.email, "not that one").status == 422)
        }
        for house in [a, b] {
            #expect(try Visitor(house, from: "198.51.100.1").signIn(owner.email, "not that one").status == 429)
        }
    }

    @Test(arguments: engines)
    func `a setting changed on one is in force on the other at its next look`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        try a.host.settings.change(["site.name": "Wool & Wire", "meta.access_token": "told"], by: "test")
        try b.application.refresh()
        #expect(b.host.site.name == "Wool & Wire")
        #expect(b.host.settings.stored("meta.access_token") == a.host.settings.stored("meta.access_token"))
        #expect(try b.get("/admin/login").text.contains("Wool &amp; Wire"))
    }

    @Test(arguments: engines)
    func `a plugin switched off on one is off on the other at its next look`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        let key = try a.key()
        #expect(try b.get("/hooks/meta").status != 404)
        #expect(try a.send(.post, "/api/v1/plugins/meta/deactivate", as: key).status == 200)
        #expect(try a.get("/hooks/meta").status == 404)
        try b.application.refresh()
        #expect(try b.get("/hooks/meta").status == 404)
        #expect(try b.send(.post, "/api/v1/plugins/meta/activate", as: key).status == 200)
        try a.application.refresh()
        #expect(try a.get("/hooks/meta").status != 404)
    }

    @Test(arguments: engines)
    func `a visitor of the storefront is known to both`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        let headers: Headers = ["Origin": "https://shop.example"]
        let site = a.host.settings[HostSettings.siteKey]
        #expect(b.host.settings[HostSettings.siteKey] == site)
        let opened = try a.send(.post, "/embed/session", .json(#"{"site":"\#(site)"}"#), headers: headers)
        let token = try #require(try opened.json()["token"].string)
        let consent = try b.send(
            .post, "/embed/consent",
            .json(
                #"{"phone":"+12025550142","choices":{"carts":true},"wording_version":"1","language":"en","page":"/"}"#),
            headers: ["Origin": "https://shop.example", "X-Cartwright-Session": token])
        #expect(consent.status == 202)
        #expect(try a.host.database.read { tx in try ContactsTable.find(phone: "+12025550142", in: tx) } != nil)
    }

    @Test(arguments: engines)
    func `what was asked with one key is answered once, whichever node it reaches`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        let key = try a.key()
        func add(_ house: TestHost) throws -> TestResponse {
            try house.send(
                .post, "/api/v1/contacts", .json(#"{"phone":"+12025550101"}"#), headers: ["Idempotency-Key": "one"],
                as: key)
        }
        let first = try add(a)
        let second = try add(b)
        #expect(first.status == 201 && second.status == 201)
        #expect(second.headers["Idempotent-Replayed"] == "true")
        #expect(second.bytes == first.bytes)
    }

    @Test(arguments: engines)
    func `both show the same mark at the public address`(engine: Engine) throws {
        let (a, b) = try nodes(engine)
        let mark = try #require(try a.get("/healthz").headers["X-Cartwright"])
        #expect(try b.get("/healthz").headers["X-Cartwright"] == mark)
    }

    /// The fields of a page's forms that have a value, as a browser would send them.
    private static func fields(of page: String) -> [(name: String, value: String)] {
        page.matches(of: /<input[^>]*? name="([^"]*)"[^>]*? value="([^"]*)"/).map { (String($0.1), String($0.2)) }
    }
}
