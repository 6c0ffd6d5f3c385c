import Core
import Domain
import PluginKit
import Templating

/// What the editor's page shows.
struct RuleModel: TemplateModel, FormPage {
    var id: String
    var form: RuleForm
    /// As the fields make it, good or not.
    var rule: Rule
    var problems: [FormProblem]
    var statuses: [String]
    var templates: [ChannelTemplate]
    var hasTemplates: Bool
    var warning: Word?
    var preview: RulePreview
    var orders: [StoredOrder]
    var words: any TemplateWords
    var canWrite: Bool

    var formErrors: [FormError] { problems.map { FormError($0.field, $0.word) } }

    static let fields: [Field<Self>] = ruleFields + sendingFields + conditionFields + previewFields

    private static let ruleFields: [Field<Self>] = [
        .text("id") { $0.id }, .flag("isNew") { $0.isNew },
        .word("name") { OrderStatusWord.word($0.rule.status, $0.words) },
        .text("action") { "/admin/rules/" + $0.id }, .flag("on") { $0.form.isOn },
        .list("statuses", Choice.self) { model in
            model.statuses.map {
                Choice(value: $0, word: OrderStatusWord.word($0, model.words), isSelected: $0 == model.form.status)
            }
        },
        .text("otherStatus") { $0.form.otherStatus }, .word("statusError") { $0.problem("status") },
        .flag("canDelete") { !$0.isNew && $0.canWrite },
        .flag("canWrite") { $0.canWrite },
    ]

    private static let sendingFields: [Field<Self>] = [
        .text("text") { $0.form.text }, .word("textError") { $0.problem("text") },
        .integer("textLength") { $0.form.text.count }, .integer("textMaximum") { _ in Rule.textMaximum },
        .word("warning") { $0.warning }, .flag("hasTemplates") { $0.hasTemplates },
        .list("templates", NamedChoice.self) { $0.templateChoices },
        .word("templateError") { $0.problem("template") }, .text("language") { $0.form.language },
        .list("parameters", Parameter.self) { $0.parameters }, .flag("hasParameters") { !$0.parameters.isEmpty },
        .text("delay") { $0.form.delay },
        .list("delayUnits", Choice.self) { model in
            DelayUnit.allCases.map {
                Choice(value: $0.rawValue, word: Word("unit." + $0.word), isSelected: $0 == model.form.delayUnit)
            }
        },
        .word("delayError") { $0.problem("delay") },
    ]

    private static let conditionFields: [Field<Self>] = [
        .text("paymentMethods") { $0.form.paymentMethods }, .text("shippingMethods") { $0.form.shippingMethods },
        .text("countries") { $0.form.countries }, .text("minTotal") { $0.form.minTotal },
        .word("countriesError") { $0.problem("countries") }, .word("minTotalError") { $0.problem("min_total") },
    ]

    private static let previewFields: [Field<Self>] = [
        .list("placeholders", PlaceholderRow.self) { $0.placeholders },
        .list("previewRuns", PhoneBubble.Run.self) { model in
            ChatText.runs(model.preview.text(model.rule)).map(PhoneBubble.Run.init)
        },
        .text("previewShop") { $0.preview.site.name },
        .text("previewInitial") { $0.preview.site.name.first.map { String($0).uppercased() } },
        .word("previewNote") { $0.preview.note }, .time("previewAt") { $0.preview.now },
        .flag("hasOrders") { !$0.orders.isEmpty },
        .list("orders", Choice.self) { model in model.orders.map(model.choice) },
        .text("testTo") { $0.form.testTo }, .word("testError") { $0.problem("test_to") },
    ]

    private var isNew: Bool { id == Rule.newID }

    private func problem(_ field: String) -> Word? { problems.first { $0.field == field }?.word }

    /// Every approved name once, and the rule's own whatever became of it.
    private var templateChoices: [NamedChoice] {
        let approved = templates.filter { $0.status == "APPROVED" }.map(\.name)
        let chosen = form.template.isEmpty ? [] : [form.template]
        return Set(approved + chosen).sorted().map { NamedChoice(value: $0, isSelected: $0 == form.template) }
    }

    /// One for each that the chosen template asks for, with what was typed for it.
    private var parameters: [Parameter] {
        let asked = templates.first { $0.name == form.template }?.bodyParameters ?? form.parameters.map(\.name)
        return asked.map { name in
            Parameter(name: name, value: form.parameters.first { $0.name == name }?.value ?? "")
        }
    }

    private var placeholders: [PlaceholderRow] {
        let values = preview.values(rule)
        return RulePlaceholder.ofOrders.map { PlaceholderRow(name: $0, value: values[$0] ?? "") }
    }

    private func choice(_ stored: StoredOrder) -> Choice {
        let customer = stored.order.customer
        let person = [customer.firstName, customer.lastName].filter { !$0.isEmpty }.joined(separator: " ")
        return Choice(
            value: stored.id.description,
            word: Word("rule.preview_choice", ["number": .text(stored.order.number), "person": .text(person)]),
            isSelected: stored.id == preview.order.id)
    }

    struct Choice: TemplateModel {
        var value: String
        var word: Word
        var isSelected: Bool

        static let fields: [Field<Self>] = [
            .text("value") { $0.value }, .word("label") { $0.word }, .flag("selected") { $0.isSelected },
        ]
    }

    struct NamedChoice: TemplateModel {
        var value: String
        var isSelected: Bool

        static let fields: [Field<Self>] = [
            .text("value") { $0.value }, .text("label") { $0.value }, .flag("selected") { $0.isSelected },
        ]
    }

    struct Parameter: TemplateModel {
        var name: String
        var value: String

        static let fields: [Field<Self>] = [.text("name") { $0.name }, .text("value") { $0.value }]
    }

    struct PlaceholderRow: TemplateModel {
        var name: String
        var value: String

        static let fields: [Field<Self>] = [
            .text("placeholder") { "{\($0.name)}" }, .text("value") { $0.value },
            .word("meaning") { Word("placeholder." + $0.name) },
        ]
    }
}
