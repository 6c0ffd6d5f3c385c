import Core
import Domain
import HTTP
import OrderNotifications
import PluginKit
import Templating
import TestSupport
import Testing

/// The pages by which a shop owner writes rules, with the real templates and words.
@Suite struct `The pages of the rules` {
    private var fixture: OrderFixture
    private let routes: [Route]

    init() throws {
        fixture = try OrderFixture()
        routes = try OrderNotificationsPlugin().parts(fixture.house.context).routes
    }

    @Test func `are for looking to all, for changing to managers`() {
        for route in routes {
            #expect(route.access == (route.method == .get ? .role(.viewer) : .role(.manager)), "\(route.path)")
        }
    }

    @Test func `show every moment with what is said then`() throws {
        fixture.rules(
            Rule(
                id: "processing", status: "processing", delay: .hours(2), text: "Soon <ready>",
                conditions: RuleConditions(paymentMethods: ["cod"], countries: ["DE"], minTotal: "50")),
            Rule(id: "packed", status: "packed", isOn: false, text: "Packed"))
        let html = try get("/admin/rules")
        #expect(html.contains("Soon &lt;ready&gt;"))
        #expect(html.contains("2 hours later"))
        #expect(html.contains("DE · cod · from $50.00"))
        #expect(html.contains("packed"))
        #expect(html.contains("/admin/rules/new?status=completed"))
        #expect(html.contains("/admin/rules/packed/switch"))
    }

    @Test func `let a viewer look but not touch`() throws {
        let html = try get("/admin/rules", role: .viewer)
        #expect(!html.contains("<form"))
        #expect(html.contains("Processing"))
    }

    @Test func `say beside a rule what the channel will not take`() throws {
        fixture.house.channel = Self.meta
        try fixture.house.templates.store([Self.template], channel: "meta")
        fixture.rules(
            Rule(id: "a", status: "processing", text: "x"),
            Rule(id: "b", status: "completed", template: RuleTemplate(name: "unheard_of")))
        let html = try get("/admin/rules")
        #expect(html.contains("Without a template this leaves only within 24 hours"))
        #expect(html.contains("There is no template called unheard_of there."))
        let parameters = [TemplateCall.Parameter(name: "1", value: "{order_number}")]
        fixture.rules(
            Rule(
                id: "a", status: "processing", template: RuleTemplate(name: "order_update", parameters: parameters)))
        #expect(try !get("/admin/rules").contains("class=\"warn\""))
    }

    @Test func `switch a rule`() throws {
        let response = try post("/admin/rules/completed/switch", [("on", "false")])
        #expect(response.status == 303)
        #expect(rules["completed"]?.isOn == false)
        #expect(rules["processing"]?.isOn == true)
        #expect(fixture.house.settings.changes.map(\.actor) == ["ada@shop.example"])
        #expect(fixture.house.pages.notices == ["notice.rule_off"])
    }

    @Test func `have words for what they say afterwards`() {
        let words = fixture.house.context.pages.words(locale: "en")
        for word in ["rule_on", "rule_off", "rule_saved", "rule_deleted", "test_sent"] {
            #expect(words.has("notice." + word))
        }
    }

    @Test func `save what was typed`() throws {
        let response = try post(
            "/admin/rules/completed",
            form([
                ("status", "completed"), ("text", "Done:\r\n{order_number}"), ("delay", "90"), ("delay_unit", "m"),
                ("countries", "de, at"), ("min_total", "9.5"), ("payment_methods", " cod ,"),
            ]))
        #expect(response.status == 303)
        #expect(response.headers["Location"] == "/admin/rules")
        #expect(
            rules["completed"]
                == Rule(
                    id: "completed", status: "completed", delay: .minutes(90), text: "Done:\n{order_number}",
                    conditions: RuleConditions(paymentMethods: ["cod"], countries: ["DE", "AT"], minTotal: "9.5")))
    }

    @Test func `leave the house's words in force when they were not touched`() throws {
        let shown = try get("/admin/rules/completed")
        #expect(shown.contains("your order {order_number} is complete"))
        let text = try #require(
            shown.firstMatch(of: /(?s)<textarea[^>]*>(.*?)<\/textarea>/).map { String($0.1) })
        _ = try post("/admin/rules/completed", form([("status", "completed"), ("text", text)]))
        #expect(rules["completed"] == RuleSet.standard["completed"])
    }

    @Test func `make a new rule under a free id`() throws {
        #expect(try get("/admin/rules/new", query: "status=shipped").contains("value=\"shipped\" selected"))
        for _ in 1...2 {
            _ = try post("/admin/rules/new", form([("status", "completed"), ("text", "And thanks")]))
        }
        #expect(rules.rules.suffix(2).map(\.id) == ["completed-2", "completed-3"])
    }

    @Test(arguments: [
        ([("text", "Hi {nmae}")], "#text", "There is no placeholder {nmae}."),
        ([("text", "")], "#text", "Write what the message should say."),
        ([("delay", "soon")], "#delay", "Give a whole number"),
        ([("delay", "-1")], "#delay", "Give a whole number"),
        ([("countries", "Germany")], "#countries", "two letters"),
        ([("min_total", "lots")], "#min_total", "Write an amount"),
        ([("status", "No status")], "#status", "Choose when"),
    ])
    func `keep what was typed when it is wrong`(typed: [(String, String)], field: String, message: String) throws {
        let fields = [("status", "completed"), ("text", "Kept text"), ("payment_methods", "kept_method")]
            .filter { field in !typed.contains { $0.0 == field.0 } }
        let response = try post("/admin/rules/completed", form(fields + typed))
        #expect(response.status == 422)
        let html = html(response)
        #expect(html.contains("href=\"\(field)\""))
        #expect(html.contains(message))
        #expect(html.contains("kept_method"))
        #expect(fixture.house.settings.changes.isEmpty)
    }

    @Test func `show the message with a chosen order, as a phone shows it`() throws {
        fixture.house.orders.add(fixture.stored)
        let response = try post(
            "/admin/rules/completed",
            form([("status", "completed"), ("text", "*{customer_first_name}*, {order_total}"), ("act", "preview")]))
        #expect(response.status == 200)
        let html = html(response)
        #expect(html.contains(#"<span data-style="bold">Zoë</span><span data-style="plain">, €1,234.50</span>"#))
        #expect(html.contains("Shown for order 2026-501, Zoë Hale"))
        #expect(fixture.house.settings.changes.isEmpty)
        #expect(try get("/admin/rules/completed", query: "order=42").contains("value=\"42\" selected"))
    }

    @Test func `say why the phone cannot show a text`() throws {
        let typed = [("status", "completed"), ("text", "Hi {nmae}"), ("act", "preview")]
        #expect(html(try post("/admin/rules/completed", form(typed))).contains("There is no placeholder {nmae}."))
    }

    @Test func `show a made-up order where there is none yet`() throws {
        let html = try get("/admin/rules/completed")
        #expect(html.contains("made-up values"))
        #expect(html.contains("Ada"))
    }

    @Test func `show a template filled, with a field for each of its values`() throws {
        fixture.house.channel = Self.meta
        try fixture.house.templates.store([Self.template], channel: "meta")
        fixture.house.orders.add(fixture.stored)
        let response = try post(
            "/admin/rules/completed",
            form([
                ("status", "completed"), ("text", ""), ("template", "order_update"), ("language", "auto"),
                ("parameter.1", "{order_number}"), ("act", "preview"),
            ]))
        #expect(html(response).contains("Your order 2026-501 is ready."))
        #expect(html(response).contains("name=\"parameter.1\" value=\"{order_number}\""))
        _ = try post(
            "/admin/rules/completed",
            form([
                ("status", "completed"), ("text", ""), ("template", "order_update"), ("language", "auto"),
                ("parameter.1", "{order_number}"),
            ]))
        #expect(
            rules["completed"]?.template
                == RuleTemplate(name: "order_update", parameters: [.init(name: "1", value: "{order_number}")]))
    }

    /// The sandbox shows no fields for templates; saving there must not forget them.
    @Test func `keep a template that the channel in use has no fields for`() throws {
        let template = RuleTemplate(name: "order_update", language: "de")
        fixture.rules(Rule(id: "a", status: "completed", text: "x", template: template))
        _ = try post("/admin/rules/a", form([("status", "completed"), ("text", "y")]))
        #expect(rules["a"] == Rule(id: "a", status: "completed", text: "y", template: template))
    }

    @Test func `send a test to a number`() throws {
        fixture.house.orders.add(fixture.stored)
        let response = try post(
            "/admin/rules/completed",
            form([
                ("status", "completed"), ("text", "For {order_number}"), ("act", "test"), ("test_to", "202 555 0199"),
            ]))
        let test = try #require(fixture.house.messages.tests.first)
        #expect(response.status == 303)
        #expect(response.headers["Location"] == "/admin/messages/\(test.id)")
        #expect(test.phone == "+12025550199")
        #expect(test.content == MessageContent(text: "For 2026-501"))
        #expect(fixture.house.settings.changes.isEmpty)
    }

    @Test func `refuse a test to what is no number`() throws {
        let response = try post(
            "/admin/rules/completed",
            form([("status", "completed"), ("text", "Hi"), ("act", "test"), ("test_to", "mum")]))
        #expect(response.status == 422)
        #expect(html(response).contains("href=\"#test_to\""))
        #expect(fixture.house.messages.tests.isEmpty)
    }

    @Test func `delete a rule`() throws {
        #expect(try post("/admin/rules/failed/delete", []).status == 303)
        #expect(rules["failed"] == nil)
        #expect(rules.rules.count == RuleSet.standard.rules.count - 1)
    }

    @Test(arguments: ["/admin/rules/unheard-of", "/admin/rules/unheard-of/switch", "/admin/rules/unheard-of/delete"])
    func `know no rule that is not there`(path: String) {
        #expect(throws: NotFound.self) { try post(path, form([("status", "completed"), ("text", "x")])) }
    }

    private static let meta = ChannelInUse(
        id: "meta",
        abilities: ChannelAbilities(
            freeText: .insideWindow, hasTemplates: true, hasReceipts: true, messagesPerSecond: 80))
    private static let template = ChannelTemplate(
        externalID: "1", name: "order_update", language: "en", status: "APPROVED", category: "UTILITY",
        bodyParameters: ["1"], bodyText: "Your order {{1}} is ready.", components: "[]", quality: nil)

    private var rules: RuleSet { fixture.house.settings[RuleSettings.rules] }

    /// What a browser sends of the form; later fields take the place of these.
    private func form(_ fields: [(String, String)]) -> [(String, String)] {
        let usual = [("on", "true"), ("delay", "0"), ("delay_unit", "m"), ("act", "save")]
        return usual.filter { usual in !fields.contains { $0.0 == usual.0 } } + fields
    }

    private func get(_ path: String, query: String = "", role: Role = .manager) throws -> String {
        let response = try send(.get, path, query: query, [], role: role)
        #expect(response.status == 200)
        return html(response)
    }

    private func post(_ path: String, _ fields: [(String, String)]) throws -> Response {
        try send(.post, path, query: "", fields, role: .manager)
    }

    private func send(
        _ method: HTTP.Method, _ path: String, query: String, _ fields: [(String, String)], role: Role
    ) throws -> Response {
        let target = try #require(Target(query.isEmpty ? path : path + "?" + query))
        let request = Request(
            method: method, target: target, headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Form(fields.map { (name: $0.0, value: $0.1) }).encoded)
        guard case .found(let route, let parameters) = try Router(routes).match(method, target) else {
            throw NoRoute(path: path)
        }
        return try route.handler(request, HandlerContext.of(fixture.house, role: role, parameters: parameters))
    }

    private struct NoRoute: Error { let path: String }

    private func html(_ response: Response) -> String { String(decoding: response.bytes ?? [], as: UTF8.self) }
}
