import App
import Core
import Database
import DemoShop
import Domain
import HTTP
import MetaCloudAPI
import OrderNotifications
import PluginKit
import SQL
import Sandbox
import Store
import TestSupport
import Testing
import WooCommerce

/// The password asked again: where it must be, and that nothing which was typed is lost.
struct ConfirmationTests {
    private static let secret = "a-secret-that-must-not-stand-in-a-page"

    private func house() throws -> (TestHost, Visitor) {
        let house = try TestHost(plugins: [
            WooCommercePlugin(), MetaCloudAPIPlugin(), OrderNotificationsPlugin(), SandboxPlugin(), DemoShopPlugin(),
        ])
        let owner = try house.signIn(.owner)
        let visitor = Visitor(house)
        try visitor.signIn(owner.email)
        return (house, visitor)
    }

    /// Every route whose effect must not be had by whoever finds an open screen.
    private static func mustAsk(_ route: Route) -> Bool {
        let places = ["/admin/users", "/admin/tokens", "/admin/account/second-factor"]
        if route.method == .post, places.contains(where: { route.path == $0 || route.path.hasPrefix($0 + "/") }) {
            return true
        }
        return ["uninstall", "export"].contains { word in
            route.path.hasPrefix("/admin/") && route.path.contains(word)
        }
    }

    @Test func `people, keys, second factors, exports and uninstalling ask for the password again`() throws {
        let (house, visitor) = try house()
        let owner = try house.signIn(.owner, email: "asked@shop.example")
        house.clock.advance(by: .minutes(15))
        try visitor.get("/admin")
        var asked = 0
        for route in house.application.allRoutes {
            #expect(!Self.mustAsk(route) || route.confirmation == .always, "\(route.method) \(route.path)")
            guard route.confirmation == .always else { continue }
            asked += 1
            let address = route.path.replacing(/\{[^}]*\}/, with: "1")
            if route.method == .post {
                let page = try house.post(address, form: [("name", "typed")], as: .person(owner))
                #expect(page.status == 422, "\(address)")
                #expect(page.text.contains("name=\"confirm.password\""), "\(address)")
                #expect(page.text.contains("action=\"\(address)\""), "\(address)")
            } else {
                let answer = try house.send(route.method, address, as: .person(owner))
                #expect(answer.location?.hasPrefix("/admin/confirm?next=") == true, "\(address)")
            }
        }
        #expect(asked > 10)
        #expect(
            house.application.allRoutes.contains { $0.path == "/admin/settings/{tab}" && $0.confirmation == .byHandler }
        )
    }

    @Test func `a form is done with the password, as it was typed, and the secret in it never shows`() throws {
        let (house, visitor) = try house()
        house.clock.advance(by: .minutes(16))
        try visitor.get("/admin/settings/meta")
        let asked = try visitor.post(
            "/admin/settings/meta", [("meta.access_token", Self.secret), ("meta.phone_number_id", "4711")])
        #expect(asked.status == 422)
        #expect(!asked.text.contains(Self.secret))
        #expect(house.host.settings.stored("meta.access_token") == nil)
        let waiting = try #require(visitor.value(of: "confirm.form"))

        let wrong = try visitor.post("/admin/settings/meta", [("confirm.form", waiting), ("confirm.password", "no")])
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("This is not your password."))
        #expect(visitor.value(of: "confirm.form") == waiting)
        #expect(try visitor.post("/admin/settings/meta", [("confirm.form", waiting)]).status == 422)

        let done = try visitor.post(
            "/admin/settings/meta", [("confirm.form", waiting), ("confirm.password", TestHost.password)])
        #expect(done.location == "/admin/settings/meta")
        #expect(house.host.settings.stored("meta.access_token") == .secret(Secret(Self.secret)))
        #expect(house.host.settings.stored("meta.phone_number_id") == .text("4711"))

        // For a quarter of an hour nothing is asked.
        try visitor.get("/admin/settings/meta")
        #expect(try visitor.post("/admin/settings/meta", [("meta.app_secret", Self.secret)]).status == 303)
    }

    @Test func `what is no secret is saved without a question`() throws {
        let (house, visitor) = try house()
        house.clock.advance(by: .hours(3))
        try visitor.get("/admin/settings/site")
        #expect(try visitor.post("/admin/settings/site", [("site.name", "Wool & Wire")]).status == 303)
        #expect(house.host.site.name == "Wool & Wire")
    }

    @Test func `a form that waits opens for its own session and address alone`() throws {
        let (house, visitor) = try house()
        let other = try house.signIn(.owner, email: "other@shop.example")
        house.clock.advance(by: .minutes(16))
        try visitor.get("/admin/tokens")
        try visitor.post("/admin/tokens", [("name", "till"), ("scope", "read")])
        let waiting = try #require(visitor.value(of: "confirm.form"))
        let fields = [("confirm.form", waiting), ("confirm.password", TestHost.password)]
        #expect(try house.post("/admin/tokens", form: fields, as: .person(other)).status == 403)
        #expect(try visitor.post("/admin/users/invite", fields).status == 403)
        try visitor.get("/admin/tokens")
        #expect(try visitor.post("/admin/tokens", fields).status == 303)
        #expect(try house.host.database.read { tx in try TokensTable.all(in: tx) }.map(\.name) == ["till"])
    }

    @Test func `guesses at the password wait here too`() throws {
        let (house, visitor) = try house()
        house.clock.advance(by: .minutes(16))
        try visitor.get("/admin/confirm?next=/admin/users")
        for _ in 1...10 {
            #expect(try visitor.post("/admin/confirm", [("confirm.password", "guess")]).status == 422)
        }
        let wait = try visitor.post("/admin/confirm", [("confirm.password", TestHost.password)])
        #expect(wait.status == 429)
        #expect(wait.headers["Retry-After"] != nil)
        house.clock.advance(by: .minutes(15))
        try visitor.get("/admin/confirm?next=/admin/users")
        let done = try visitor.post(
            "/admin/confirm", [("confirm.password", TestHost.password), ("next", "/admin/users")])
        #expect(done.location == "/admin/users")
    }

    @Test func `nobody is sent elsewhere by the page that asks`() throws {
        let (_, visitor) = try house()
        let page = try visitor.get("/admin/confirm?next=https://elsewhere.example/")
        #expect(!page.text.contains("elsewhere.example"))
    }
}
