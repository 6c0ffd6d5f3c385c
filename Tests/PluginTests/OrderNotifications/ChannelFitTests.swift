import Domain
import Localization
import OrderNotifications
import PluginKit
import Templating
import TestSupport
import Testing

/// What the rules say against a channel before it is chosen.
@Suite struct `Rules against a channel` {
    private let fixture: OrderFixture
    private let objector: ChannelObjector

    init() throws {
        fixture = try OrderFixture()
        objector = try #require(try OrderNotificationsPlugin().parts(fixture.house.context).objectors.first)
    }

    @Test func `name every one at work that lacks a template where texts may only answer`() throws {
        fixture.rules(
            Rule(id: "a", status: "processing", text: "Thank you"), Rule(id: "b", status: "completed"),
            Rule(id: "c", status: "failed", isOn: false, text: "Sorry"), Rule(id: "d", status: "packed", text: "Soon"),
            Rule(id: "e", status: "shipped", template: Self.template(["1"])))
        let found = try objections(Self.meta([Self.held()]))
        #expect(found.map(\.href) == ["/admin/rules/a", "/admin/rules/b", "/admin/rules/d"])
        #expect(found.map(\.reason.key) == Array(repeating: "rules.warn_no_template", count: 3))
        #expect(found.map(\.subject).first == Word("order.status.processing"))
        #expect(found.last?.subject == Word("order.status.other", ["status": .text("Packed")]))
    }

    @Test(arguments: [
        (template(["1"]), [held()], nil),
        (template([]), [held()], "rules.warn_template_parameters"),
        (template(["1", "2"]), [held()], "rules.warn_template_parameters"),
        (template(["1"]), [], "rules.warn_no_templates_known"),
        (template(["1"]), [held(name: "another")], "rules.warn_template_missing"),
        (template(["1"]), [held(status: "PENDING")], "rules.warn_template_state"),
        (template(["1"]), [held(language: "de")], "rules.warn_template_language"),
        (template(["1"]), [held(language: "de", status: "REJECTED")], "rules.warn_template_state"),
        (template(["1"]), [held(status: "PAUSED"), held(language: "en_GB")], nil),
        (template(["1"], language: "de"), [held(), held(language: "de")], nil),
        (template(["1"], language: "de"), [held()], "rules.warn_template_language"),
        (
            template(["1"], language: "de"), [held(), held(language: "de", status: "PENDING")],
            "rules.warn_template_state"
        ),
    ])
    func `say of a template why it would not go`(template: RuleTemplate, held: [ChannelTemplate], reason: String?)
        throws
    {
        // A text beside it changes nothing: outside the window only the template goes.
        for text in [nil, "Thank you"] {
            fixture.rules(Rule(id: "a", status: "processing", text: text, template: template))
            #expect(try objections(Self.meta(held)).map(\.reason.key) == [reason].compactMap(\.self))
        }
    }

    @Test func `ask for a text where a channel takes no templates`() throws {
        fixture.rules(
            Rule(id: "a", status: "processing", template: Self.template(["1"])),
            Rule(id: "b", status: "completed", text: "Done", template: Self.template(["1"])))
        let found = try objections(Self.sandbox)
        #expect(found.map(\.href) == ["/admin/rules/a"])
        #expect(found.map(\.reason.key) == ["rules.warn_no_text"])
    }

    @Test func `have words for every reason`() throws {
        let words = fixture.house.context.pages.words(locale: "en")
        let arguments: [String: WordArgument] = [
            "template": .text("order_update"), "language": .text("de"), "count": .number(1), "given": .number(0),
        ]
        for name in [
            "no_template", "no_text", "no_templates_known", "template_missing", "template_state", "template_language",
            "template_parameters",
        ] {
            let text = words.text("rules.warn_" + name, arguments)
            #expect(text.hasSuffix(".") && !text.contains("{"), "\(text)")
        }
    }

    private func objections(_ channel: ChannelCandidate) throws -> [ChannelObjection] {
        try objector.objections(channel, fixture.house.settings)
    }

    private static let sandbox = ChannelCandidate(
        id: "sandbox",
        abilities: ChannelAbilities(freeText: .always, hasTemplates: false, hasReceipts: true, messagesPerSecond: 80),
        templates: [])

    private static func meta(_ templates: [ChannelTemplate]) -> ChannelCandidate {
        ChannelCandidate(
            id: "meta",
            abilities: ChannelAbilities(
                freeText: .insideWindow, hasTemplates: true, hasReceipts: true, messagesPerSecond: 80),
            templates: templates)
    }

    private static func template(_ parameters: [String], language: String = RuleTemplate.auto) -> RuleTemplate {
        RuleTemplate(
            name: "order_update", language: language,
            parameters: parameters.map { TemplateCall.Parameter(name: $0, value: "{order_number}") })
    }

    private static func held(
        name: String = "order_update", language: String = "en", status: String = "APPROVED"
    ) -> ChannelTemplate {
        ChannelTemplate(
            externalID: "1", name: name, language: language, status: status, category: "UTILITY",
            bodyParameters: ["1"], bodyText: "Your order {{1}} is ready.", components: "[]", quality: nil)
    }
}
