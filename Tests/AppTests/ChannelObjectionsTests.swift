import App
import Core
import HTTP
import MetaCloudAPI
import OrderNotifications
import PluginKit
import TestSupport
import Testing
import Text

/// Another channel is chosen only after everybody was told what it cannot send.
@Suite struct `Changing the channel` {
    private let house: TestHost
    private let owner: TestCaller
    private let key: TestCaller
    private let rules = RuleSet.standard.rules.filter(\.isOn).map { "/admin/rules/\($0.id)" }

    init() throws {
        house = try TestHost(plugins: [MetaCloudAPIPlugin(), OrderNotificationsPlugin()])
        owner = try house.person()
        key = try house.key(.admin)
    }

    private var channel: String {
        house.host.settings.declaration("sending.channel").map(house.host.settings.shown) ?? ""
    }

    private func save(_ fields: [(String, String)]) throws -> TestResponse {
        try house.post("/admin/settings/sending", form: fields, as: owner)
    }

    private func change(_ json: String, confirm: String? = nil) throws -> TestResponse {
        let query = confirm.map { "?confirm=" + $0 } ?? ""
        return try house.send(.patch, "/api/v1/settings" + query, .json(json), as: key)
    }

    @Test func `by the form lists every rule that it cannot send, and keeps what was typed`() throws {
        let answer = try save([
            ("sending.channel", "meta"), ("sending.max_age", "36"), ("sending.max_age.unit", "h"),
        ])
        #expect(answer.status == 422)
        for rule in rules { #expect(answer.text.contains("href=\"\(rule)\""), "\(rule)") }
        #expect(!answer.text.contains("href=\"/admin/rules/pending\""))
        #expect(answer.text.contains("value=\"36\""))
        #expect(answer.text.contains("<option value=\"meta\" selected>"))
        #expect(channel == "sandbox")
    }

    @Test func `by the form is done on a second yes, to that channel alone`() throws {
        #expect(try save([("sending.channel", "meta"), ("confirmed", "sandbox")]).status == 422)
        #expect(channel == "sandbox")
        #expect(try save([("sending.channel", "meta"), ("confirmed", "meta")]).status == 303)
        #expect(channel == "meta")
        // Free text may always go there: nothing to ask.
        #expect(try save([("sending.channel", "sandbox")]).status == 303)
        #expect(channel == "sandbox")
    }

    @Test func `by the API is refused with the list, until it is confirmed`() throws {
        let answer = try change(#"{"sending.channel":"meta","site.name":"Wool"}"#)
        #expect(answer.status == 409)
        let errors = try answer.json()["errors"].array ?? []
        #expect(errors.allSatisfy { $0["field"].string == "sending.channel" && $0["code"].string == "cannot_send" })
        #expect(errors.count == rules.count)
        for (error, rule) in zip(errors, rules) {
            #expect(error["detail"].string?.contains("(\(rule)): Without") == true)
        }
        #expect(channel == "sandbox")
        #expect(try change(#"{"sending.channel":"meta"}"#, confirm: "false").status == 409)
        #expect(try change(#"{"sending.channel":"meta"}"#, confirm: "perhaps").status == 422)
        #expect(try change(#"{"sending.channel":"meta"}"#, confirm: "true").status == 200)
        #expect(channel == "meta")
    }

    @Test func `looks at the rules as they come with it`() throws {
        let rule = #"{"id":"a","status":"processing","on":false,"purpose":"orders","send":{"text":"Thanks"}}"#
        let answer = try change(#"{"sending.channel":"meta","orders.rules":[\#(rule)]}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(channel == "meta")
    }

    @Test func `tells of a value that is wrong first`() throws {
        #expect(try change(#"{"sending.channel":"meta","site.country":"Spain"}"#).status == 422)
        #expect(try save([("sending.channel", "pigeon")]).status == 422)
        #expect(channel == "sandbox")
    }

    @Test func `to one whose plugin is off says so`() throws {
        let house = try TestHost()
        let answer = try house.post(
            "/admin/settings/sending", form: [("sending.channel", "meta")], as: house.person())
        #expect(answer.status == 422)
        #expect(answer.text.contains("The plugin of this channel is off"))
    }
}
