import Core
import Domain
import OrderNotifications
import PluginKit
import TestSupport
import Testing

/// Templates: which translation, in which order, and with texts that the provider takes.
@Suite struct `A rule's template` {
    private var fixture: OrderFixture

    init() throws {
        fixture = try OrderFixture()
        fixture.house.channel = ChannelInUse(
            id: "meta",
            abilities: ChannelAbilities(
                freeText: .insideWindow, hasTemplates: true, hasReceipts: true, messagesPerSecond: 80))
    }

    @Test func `is filled in one line each, in the order of its body`() throws {
        try approve("order_update", ["en"], parameters: ["2", "1"])
        let call = try call(
            RuleTemplate(
                name: "order_update",
                parameters: [
                    .init(name: "1", value: "{order_items}"), .init(name: "2", value: " a\n\tb     c {note}"),
                ]))
        #expect(
            call
                == TemplateCall(
                    name: "order_update", language: "en",
                    parameters: [
                        .init(name: "2", value: "a b c"), .init(name: "1", value: "2 × Coffee mug, 1 × Tea & honey"),
                    ]))
    }

    @Test func `has room for the items beside its own words and the other values`() throws {
        var fixture = fixture
        fixture.order.items = (1...12).map {
            OrderItem(
                name: "\($0) " + String(repeating: "x", count: 90), quantity: 1,
                total: Money(minorUnits: 1, currency: "EUR"))
        }
        let body = String(repeating: "w", count: 500) + "{{1}} {{2}}"
        try fixture.house.templates.store(
            [template("t", "en", parameters: ["1", "2"], body: body)], channel: "meta")
        fixture.rules(
            Rule(
                id: "a", status: "processing",
                template: RuleTemplate(
                    name: "t",
                    parameters: [.init(name: "1", value: "{order_items}"), .init(name: "2", value: "{order_number}")])))
        let draft = try #require(try fixture.drafts(.status("processing")).first)
        let values = try #require(draft.content.template?.parameters).map(\.value)
        #expect(501 + values[0].count + values[1].count <= 1024)
        #expect(values[0].hasSuffix("x and 7 more"))
        #expect(!values[0].contains { $0.isNewline })
        #expect(values[1] == "2026-501")
        #expect(draft.notes == [TrailNote("items_shortened", ["shown": "5", "count": "12"])])
    }

    @Test func `is never longer than its provider takes`() throws {
        let note = String(repeating: "n", count: 3000)
        try fixture.house.templates.store(
            [template("t", "en", parameters: ["1", "2"], body: "{{1}}: {{2}}")], channel: "meta")
        fixture.rules(
            Rule(
                id: "a", status: "customer_note",
                template: RuleTemplate(
                    name: "t",
                    parameters: [.init(name: "1", value: "{order_number}"), .init(name: "2", value: "{note}")])))
        let call = try #require(try fixture.drafts(.note(noteID: "1", text: note)).first?.content.template)
        #expect(call.parameters[0].value == "2026-501")
        #expect(2 + call.parameters[0].value.count + call.parameters[1].value.count == 1024)
        #expect(call.parameters[1].value.hasSuffix("n…"))
    }

    @Test func `never has an empty value, and says in the trail that it was`() throws {
        fixture.rules(
            Rule(
                id: "a", status: "processing",
                template: RuleTemplate(name: "t", parameters: [.init(name: "1", value: "{tracking_url}")])))
        let draft = try #require(try fixture.drafts(.status("processing")).first)
        #expect(draft.content.template?.parameters == [.init(name: "1", value: "-")])
        #expect(draft.notes == [TrailNote("placeholder_empty", ["placeholder": "{tracking_url}"])])
    }

    @Test(
        arguments: [
            // order, person, site, approved, chosen
            ("pt-BR", nil, "en", ["en", "pt_BR", "pt_PT"], "pt_BR"),
            ("pt-BR", nil, "en", ["en", "pt"], "pt"),
            ("pt-BR", nil, "en", ["en", "pt_PT"], "pt_PT"),
            ("es", nil, "en", ["en", "es_AR", "es_MX"], "es_AR"),
            (nil, "de", "en", ["en", "de"], "de"),
            ("fr", "de", "en", ["en", "de"], "en"),
            ("fr", nil, "de-AT", ["en", "de"], "de"),
            ("fr", nil, "de", ["it", "en_US"], "en_US"),
            ("fr-CA", nil, "de", ["it"], "fr_CA"),
            (nil, nil, "pt-BR", [], "pt_BR"),
        ] as [(String?, String?, String, [String], String)])
    func `comes in the nearest language there is`(
        order: String?, person: String?, site: String, approved: [String], chosen: String
    ) throws {
        var fixture = fixture
        fixture.order.locale = order
        fixture.contact.locale = person
        fixture.house.site.locale = site
        try approve("t", approved)
        fixture.rules(Rule(id: "a", status: "processing", template: RuleTemplate(name: "t")))
        #expect(try fixture.drafts(.status("processing")).first?.content.template?.language == chosen)
    }

    @Test func `is not taken for approved because another is`() throws {
        try fixture.house.templates.store(
            [template("t", "de", status: "REJECTED"), template("t", "en"), template("other", "de")], channel: "meta")
        var fixture = fixture
        fixture.order.locale = "de"
        fixture.rules(Rule(id: "a", status: "processing", template: RuleTemplate(name: "t")))
        #expect(try fixture.drafts(.status("processing")).first?.content.template?.language == "en")
    }

    @Test func `keeps the language that the shop owner chose`() throws {
        try approve("t", ["en", "de"])
        #expect(try call(RuleTemplate(name: "t", language: "de"))?.language == "de")
        #expect(try call(RuleTemplate(name: "t", language: "pt-BR"))?.language == "pt_BR")
    }

    private func call(_ template: RuleTemplate) throws -> TemplateCall? {
        fixture.rules(Rule(id: "a", status: "processing", template: template))
        return try fixture.drafts(.status("processing")).first?.content.template
    }

    private func approve(_ name: String, _ languages: [String], parameters: [String] = []) throws {
        try fixture.house.templates.store(
            languages.map { template(name, $0, parameters: parameters) }, channel: "meta")
    }

    private func template(
        _ name: String, _ language: String, status: String = "APPROVED", parameters: [String] = [], body: String = ""
    ) -> ChannelTemplate {
        ChannelTemplate(
            externalID: "1", name: name, language: language, status: status, category: "UTILITY",
            bodyParameters: parameters, bodyText: body, components: "[]", quality: nil)
    }
}
