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

/// `/u/{token}`: a customer's own page.
struct PreferencesTests {
    private let house: TestHost
    private let contact: Contact
    private let path: String

    init() throws {
        house = try TestHost(settings: ["site.name": "Wool & Wire"])
        contact = try house.contact("+12025550101", grants: [.orders, .marketing])
        let (id, now, tokens) = (contact.id, house.clock.now(), PreferenceTokens(keys: house.host.keys))
        path = "/u/" + (try house.host.database.write { tx in try tokens.issue(for: id, at: now, in: tx) })
    }

    private func states() throws -> [Purpose: ConsentState] {
        try house.host.database.read { tx in try ConsentStatesTable.all(of: contact.id, in: tx).mapValues(\.state) }
    }

    /// The purposes whose switch is on.
    private func switches(_ html: String) -> [String] {
        html.split(separator: "<input type=\"checkbox\"").dropFirst().compactMap { piece in
            let tag = piece.prefix { $0 != ">" }
            guard tag.contains(" checked"), let name = tag.split(separator: "name=\"").last else { return nil }
            return String(name.prefix { $0 != "\"" })
        }
    }

    @Test func `the page shows one switch a purpose and nothing of the person`() throws {
        let page = try house.get(path)
        #expect(page.status == 200)
        #expect(switches(page.text) == ["orders", "marketing"])
        for secret in ["Ana", "0101"] { #expect(!page.text.contains(secret)) }
        #expect(page.text.contains("Wool &amp; Wire"))
        #expect(page.text.contains("https://shop.example"))
        #expect(page.headers["Cache-Control"] == "no-store")
    }

    @Test func `looking changes nothing, however it is done`() throws {
        let before = try states()
        #expect(try house.send(.get, path + "?orders=false&all=off&List-Unsubscribe=One-Click").status == 200)
        #expect(try house.send(.head, path).status == 200)
        #expect(try states() == before)
    }

    @Test func `saving goes back to the page, which says so`() throws {
        let form = [
            (name: "orders", value: "false"), (name: "orders", value: "true"), (name: "payments", value: "false"),
            (name: "carts", value: "false"), (name: "carts", value: "true"), (name: "marketing", value: "false"),
        ]
        let answer = try house.post(path, form: form)
        #expect(answer.status == 303)
        #expect(answer.location == path + "?saved=1")
        #expect(try states() == [.orders: .granted, .carts: .granted, .marketing: .withdrawn])
        let page = try house.get(answer.location ?? "")
        #expect(page.text.contains("Saved."))
        #expect(switches(page.text) == ["orders", "carts"])
        let rows = try house.host.database.read { tx in try ConsentsTable.all(of: contact.id, in: tx) }
        #expect(rows.filter { $0.source == "link" }.count == 2)
    }

    @Test func `one button stops everything`() throws {
        try house.post(path, form: [(name: "orders", value: "true"), (name: "all", value: "off")])
        #expect(try states() == Dictionary(uniqueKeysWithValues: Purpose.consentable.map { ($0, .withdrawn) }))
        #expect(try house.get(path + "?saved=1").text.contains("You will get no more messages."))
    }

    @Test(arguments: [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"
        ),
    ])
    func `a mail program's one click stops reminders and news, and leaves orders`(type: String, body: String) throws {
        let answer = try house.send(.post, path, .bytes(Array(body.utf8), type: type))
        #expect(answer.status == 200)
        #expect(try states() == [.orders: .granted, .carts: .withdrawn, .marketing: .withdrawn])
    }

    @Test func `a withdrawal stops what has not left yet`() throws {
        let message = #"{"to":"+12025550101","purpose":"marketing","text":"Sale"}"#
        let key = try house.key(.write)
        let id = try #require(try house.post("/api/v1/messages", json: message, as: key).json()["id"].string)
        try house.post(path, form: [(name: "all", value: "off")])
        try house.work()
        #expect(house.channel.texts.isEmpty)
        #expect(try house.get("/api/v1/messages/\(id)", as: key).json()["reason"].string == "reason.consent_withdrawn")
    }

    @Test func `a link that is unknown or too old leads to a kind page`() throws {
        let unknown = "/u/" + String(repeating: "A", count: 43)
        for answer in [try house.get("/u/nonsense"), try house.get(unknown), try house.post(unknown, form: [])] {
            #expect(answer.status == 404)
            #expect(answer.text.contains("This link does not work any more"))
        }
        house.clock.advance(by: .days(365 + 92))
        #expect(try house.get(path).status == 404)
        #expect(try house.post(path, form: [(name: "all", value: "off")]).status == 404)
        #expect(try states()[.orders] == .granted)
    }

    @Test func `where orders need no word, their switch stands on until it is turned off`() throws {
        try house.host.settings.change(["orders.consent": "legitimate_interest"], by: "test")
        #expect(switches(try house.get(path).text) == ["orders", "payments", "marketing"])
        try house.post(path, form: [(name: "payments", value: "false")])
        #expect(try states()[.payments] == .withdrawn)
    }

    @Test func `the page is as it was recorded`() throws {
        try Snapshot.check(Snapshot.steady(house.get(path).text), "Tests/AppTests/Pages/preferences.html")
        try Snapshot.check(Snapshot.steady(house.get("/u/gone").text), "Tests/AppTests/Pages/preferences-gone.html")
    }
}
