import App
import Core
import Crypto
import Database
import HTTP
import SQL
import Store
import TestSupport
import Testing

/// Inviting, helping and removing people; one's own account; keys of the API.
struct PeoplePagesTests {
    private let house: TestHost
    private let owner: TestPerson

    init() throws {
        house = try TestHost()
        owner = try house.signIn(.owner)
    }

    private func signedIn() throws -> Visitor {
        let visitor = Visitor(house)
        try visitor.signIn(owner.email)
        return visitor
    }

    /// The one-time link on the open page, as a path.
    private func link(_ visitor: Visitor) throws -> String {
        let match = try #require(
            visitor.page?.text.firstMatch(of: /value="https:\/\/cartwright\.example(\/admin\/link[^"]*)"/))
        return String(match.1)
    }

    private func user(_ email: String) throws -> User? {
        try house.host.database.read { tx in try UsersTable.find(email: email, in: tx) }
    }

    @Test func `somebody who is invited chooses a name and password, once, and is in`() throws {
        let visitor = try signedIn()
        try visitor.get("/admin/users")
        try visitor.post("/admin/users/invite", [("email", "ben@shop.example"), ("role", "manager")])
        #expect(try visitor.follow().text.contains("ben@shop.example"))
        let link = try link(visitor)
        #expect(try !visitor.get("/admin/users").text.contains("/admin/link"), "shown once")

        let ben = Visitor(house)
        #expect(try ben.get(link).status == 200)
        let token = try #require(ben.value(of: "token"))
        let short = try ben.post("/admin/link", [("token", token), ("name", "Ben Ng"), ("password", "short")])
        #expect(short.status == 422)
        #expect(short.text.contains("value=\"Ben Ng\""))
        let done = try ben.post("/admin/link", [("token", token), ("name", "Ben Ng"), ("password", TestHost.password)])
        #expect(done.location == "/admin")
        #expect(try ben.get("/admin/orders").status == 200)
        #expect(try ben.get("/admin/users").status == 403)
        try ben.get("/admin")
        #expect(try user("ben@shop.example")?.role == .manager)
        #expect(try user("ben@shop.example")?.name == "Ben Ng")

        #expect(try Visitor(house).get(link).status == 404)
        #expect(try ben.post("/admin/logout").status == 303)
        try ben.get("/admin/login")
        let again = try ben.post("/admin/link", [("token", token), ("name", "Eve"), ("password", TestHost.password)])
        #expect(again.status == 404)
    }

    @Test func `an invitation can be withdrawn, ends after three days, and is not for who is here`() throws {
        let visitor = try signedIn()
        try visitor.get("/admin/users")
        #expect(try visitor.post("/admin/users/invite", [("email", owner.email.uppercased())]).status == 422)
        #expect(try visitor.post("/admin/users/invite", [("email", "nobody")]).status == 422)
        try visitor.post("/admin/users/invite", [("email", "ben@shop.example"), ("role", "viewer")])
        try visitor.follow()
        let first = try link(visitor)
        let withdraw = try #require(visitor.page?.text.firstMatch(of: /action="([^"]*\/withdraw)"/))
        #expect(try visitor.post(String(withdraw.1)).status == 303)
        #expect(try Visitor(house).get(first).status == 404)
        try visitor.follow()
        try visitor.post("/admin/users/invite", [("email", "ben@shop.example"), ("role", "viewer")])
        try visitor.follow()
        let second = try link(visitor)
        #expect(try Visitor(house).get(second).status == 200)
        house.clock.advance(by: .hours(72))
        #expect(try Visitor(house).get(second).status == 404)
    }

    @Test func `a link to a new password works once and ends the sessions`() throws {
        let ben = try house.signIn(.manager)
        let visitor = try signedIn()
        try visitor.get("/admin/users/\(ben.id)")
        try visitor.post("/admin/users/\(ben.id)/link")
        try visitor.follow()
        let link = try link(visitor)
        #expect(try house.get("/admin", as: .person(ben)).status == 200)
        let other = Visitor(house)
        try other.get(link)
        let token = try #require(other.value(of: "token"))
        let answer = try other.post("/admin/link", [("token", token), ("password", "another long password")])
        #expect(answer.location == "/admin/login")
        #expect(try house.get("/admin", as: .person(ben)).status == 303)
        #expect(try Visitor(house).signIn(ben.email, "another long password").location == "/admin")
        #expect(try Visitor(house).get(link).status == 404)
    }

    @Test func `the house keeps an owner`() throws {
        let page = "/admin/users/\(owner.id)"
        #expect(try house.get(page, as: .person(owner)).text.contains("The only owner"))
        for (action, form) in [("role", [("role", "viewer")]), ("remove", [])]
            as [(String, [(name: String, value: String)])]
        {
            let answer = try house.post(page + "/" + action, form: form, as: .person(owner))
            #expect(answer.headers.all("Set-Cookie").contains { $0.contains("warning.notice.last_owner") }, "\(action)")
        }
        #expect(try user(owner.email)?.role == .owner)
        let second = try house.signIn(.owner, email: "second@shop.example")
        #expect(try house.post(page + "/role", form: [("role", "viewer")], as: .person(second)).status == 303)
        #expect(try user(owner.email)?.role == .viewer)
        #expect(try house.get("/admin/users", as: .person(owner)).status == 403)
        #expect(try house.post(page + "/remove", form: [], as: .person(second)).location == "/admin/users")
        #expect(try house.get("/admin", as: .person(owner)).status == 303)
    }

    @Test func `a person is signed out everywhere by an owner`() throws {
        let ben = try house.signIn(.manager)
        #expect(try house.post("/admin/users/\(ben.id)/sign-out", form: [], as: .person(owner)).status == 303)
        #expect(try house.get("/admin", as: .person(ben)).status == 303)
        #expect(try house.get("/admin", as: .person(owner)).status == 200)
    }

    @Test func `one's own password wants the old one, and ends the other sessions`() throws {
        let visitor = try signedIn()
        try visitor.get("/admin/account")
        let wrong = try visitor.post(
            "/admin/account/password", [("old", "not that"), ("new", "another long password")])
        #expect(wrong.status == 422)
        #expect(!wrong.text.contains("another long password"))
        let done = try visitor.post(
            "/admin/account/password", [("old", TestHost.password), ("new", "another long password")])
        #expect(done.location == "/admin/account")
        #expect(try visitor.follow().status == 200, "this session stays")
        #expect(try house.get("/admin", as: .person(owner)).status == 303)
        #expect(try Visitor(house).signIn(owner.email).status == 422)
    }

    @Test func `sessions are listed with this one marked, and end one by one or all but this`() throws {
        let visitor = try signedIn()
        _ = try signedIn()
        let page = try visitor.get("/admin/account").text
        #expect(page.matches(of: /\/end"/).count == 2)
        #expect(page.matches(of: /This device/).count == 1)
        let first = try #require(page.firstMatch(of: /action="(\/admin\/account\/sessions\/\d+\/end)"/))
        #expect(try visitor.post(String(first.1)).status == 303)
        #expect(try visitor.follow().text.matches(of: /\/end"/).count == 1)
        let viewer = try house.signIn(.viewer)
        #expect(try house.post(String(first.1), form: [], as: .person(viewer)).status == 404, "not theirs")
        #expect(try visitor.post("/admin/account/sessions/end-others").status == 303)
        #expect(try visitor.follow().text.matches(of: /\/end"/).isEmpty)
        #expect(try house.get("/admin", as: .person(owner)).status == 303)
    }

    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36",
            "Chrome on Android"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone"
        ),
        ("curl/7.88.1", "curl"), ("something else", "Unknown device"), ("", "Unknown device"),
    ])
    func `a device is called by its browser and system`(agent: String, words: String) throws {
        let visitor = Visitor(house, agent: agent)
        try visitor.signIn(owner.email)
        #expect(try visitor.get("/admin/account").text.contains("<span class=\"strong\">\(words)</span>"))
    }

    @Test func `a name is taken as typed, or refused with what was typed kept`() throws {
        let visitor = try signedIn()
        try visitor.get("/admin/account")
        #expect(try visitor.post("/admin/account/name", [("name", " Zoë O’Neil ")]).status == 303)
        #expect(try user(owner.email)?.name == "Zoë O’Neil")
        let long = String(repeating: "x", count: 101)
        try visitor.get("/admin/account")
        let refused = try visitor.post("/admin/account/name", [("name", long)])
        #expect(refused.status == 422)
        #expect(refused.text.contains(long))
        #expect(refused.text.contains("At most 100 letters."))
    }

    @Test func `a key is made with its scope, shown once, and revoked`() throws {
        let visitor = try signedIn()
        try visitor.get("/admin/tokens")
        #expect(try visitor.post("/admin/tokens", [("name", ""), ("scope", "write")]).status == 422)
        try visitor.post("/admin/tokens", [("name", "till"), ("scope", "write")])
        let clear = try #require(visitor.follow().text.firstMatch(of: /value="(cw_[^"]+)"/))
        let key = TestCaller.key(String(clear.1))
        #expect(try house.get("/api/v1/orders", as: key).status == 200)
        #expect(try house.get("/api/v1/settings", as: key).status == 403)
        let page = try visitor.get("/admin/tokens").text
        #expect(!page.contains(String(clear.1)))
        let revoke = try #require(page.firstMatch(of: /action="(\/admin\/tokens\/\d+\/revoke)"/))
        #expect(try visitor.post(String(revoke.1)).status == 303)
        #expect(try house.get("/api/v1/orders", as: key).status == 401)
        #expect(try visitor.follow().text.contains("Revoked"))
    }
}
