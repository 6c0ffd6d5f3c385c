import Core
import Domain
import HTTP
import PluginKit
import Templating

/// The editor of one rule: when, what, for whom; beside it the phone with a chosen order, and a test.
struct RulePage: Sendable {
    private let context: PluginContext
    private let page: PreparedPage<RuleModel>

    init(_ context: PluginContext) throws {
        self.context = context
        page = try context.pages.admin("ordernotifications/rule", RuleModel.self)
    }

    /// `?status=` begins a new rule, `?order=` chooses whose order the phone shows.
    func show(_ request: Request, _ handling: Context) throws -> Response {
        let rule = try rule(handling, status: request.query["status"])
        var form = RuleForm(rule, defaultText: defaultText(rule.status))
        form.order = request.query["order"] ?? ""
        return try answer(form, rule, problems: [], status: 200, request, handling)
    }

    func submit(_ request: Request, _ handling: Context) throws -> Response {
        let form = RuleForm(request.form)
        var base = try rule(handling, status: nil)
        if base.id == Rule.newID { base.id = context.settings[RuleSettings.rules].freeID(for: form.status) }
        let hasTemplates = context.channel()?.abilities.hasTemplates == true
        let read = form.rule(over: base, hasTemplates: hasTemplates, defaultText: defaultText)
        switch request.form["act"] {
        case "preview":
            // The phone stays empty while the text cannot be filled: say why. The rest may still be unfinished.
            let problems = read.problems.filter { $0.field == "text" }
            return try answer(form, read.rule, problems: problems, status: 200, request, handling)
        case _ where !read.problems.isEmpty:
            return try answer(form, read.rule, problems: read.problems, status: 422, request, handling)
        case "test": return try test(form, read.rule, request, handling)
        default: return try save(read.rule, handling)
        }
    }

    func delete(_ request: Request, _ handling: Context) throws -> Response {
        let rules = context.settings[RuleSettings.rules]
        guard let id = handling.parameters["id"], rules[id] != nil else { throw NotFound() }
        try context.settingsWriter.change(
            [RuleSettings.rules.key: rules.without(id: id).json], by: handling.caller.actor)
        return context.pages.redirect(to: "/admin/rules", saying: "notice.rule_deleted", handling)
    }

    private func save(_ rule: Rule, _ handling: Context) throws -> Response {
        let rules = context.settings[RuleSettings.rules]
        try context.settingsWriter.change([RuleSettings.rules.key: rules.with(rule).json], by: handling.caller.actor)
        return context.pages.redirect(to: "/admin/rules", saying: "notice.rule_saved", handling)
    }

    private func test(_ form: RuleForm, _ rule: Rule, _ request: Request, _ handling: Context) throws -> Response {
        let phone: String
        switch context.contacts.readPhone(form.testTo, countries: []) {
        case .success(let number): phone = number
        case .failure(let unreadable):
            let problem = FormProblem(
                field: "test_to",
                word: Word("rule.error.test", ["problem": .text(words.text(unreadable.problem, [:]))]))
            return try answer(form, rule, problems: [problem], status: 422, request, handling)
        }
        guard let written = try RulePreview(context, order: form.order).written(rule) else { throw NotFound() }
        let id: ID
        do {
            id = try context.messages.planTest(to: phone, content: written.content)
        } catch let refusal as MessageRefusal {
            let problem = FormProblem(field: "test_to", word: refusal.word)
            return try answer(form, rule, problems: [problem], status: 422, request, handling)
        }
        return context.pages.redirect(to: "/admin/messages/\(id)", saying: "notice.test_sent", handling)
    }

    /// The rule of the address; `new` is one that has no id yet.
    private func rule(_ handling: Context, status: String?) throws -> Rule {
        guard let id = handling.parameters["id"] else { throw NotFound() }
        if id == Rule.newID {
            return Rule(id: Rule.newID, status: status.flatMap { $0.isEmpty ? nil : $0 } ?? "processing")
        }
        guard let rule = context.settings[RuleSettings.rules][id] else { throw NotFound() }
        return rule
    }

    private func answer(
        _ form: RuleForm, _ rule: Rule, problems: [FormProblem], status: Int, _ request: Request, _ handling: Context
    ) throws -> Response {
        let channel = context.channel()
        let templates = try channel.map { try context.templates.all(channel: $0.id) } ?? []
        let model = RuleModel(
            id: handling.parameters["id"] ?? Rule.newID, form: form, rule: rule, problems: problems,
            statuses: try statuses(including: rule.status), templates: templates,
            hasTemplates: channel?.abilities.hasTemplates == true,
            warning: try RuleDrawing(context).warning(of: rule), preview: try RulePreview(context, order: form.order),
            orders: try context.orders.recent(limit: 20), words: words, canWrite: handling.caller.mayWrite)
        return try page.respond(model, status, request, handling)
    }

    /// WooCommerce's own, then the shop's own as rules name them and orders have them, then the moments.
    private func statuses(including status: String) throws -> [String] {
        let used = context.settings[RuleSettings.rules].rules.map(\.status) + [status]
        let custom = try Set(used + context.orders.statuses().filter(Rule.isStatus))
            .subtracting(Rule.statuses + Rule.moments).subtracting([""])
        return Rule.statuses + custom.sorted() + Rule.moments
    }

    private var words: any TemplateWords { context.pages.words(locale: context.site().locale) }

    private func defaultText(_ status: String) -> String {
        let rule = Rule(id: Rule.newID, status: status)
        return words.has(rule.defaultWord) ? words.text(rule.defaultWord, [:]) : ""
    }
}
