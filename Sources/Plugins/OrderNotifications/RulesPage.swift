import Core
import Domain
import HTTP
import PluginKit
import Templating

/// The matrix: every moment of an order, and what is said then.
struct RulesPage: Sendable {
    private let context: PluginContext
    private let page: PreparedPage<Model>

    init(_ context: PluginContext) throws {
        self.context = context
        page = try context.pages.admin("ordernotifications/rules", Model.self)
    }

    func show(_ request: Request, _ handling: Context) throws -> Response {
        let rules = context.settings[RuleSettings.rules].rules
        let custom = Set(rules.map(\.status)).subtracting(Rule.statuses + Rule.moments).sorted()
        let drawing = try RuleDrawing(context)
        let model = Model(
            channelNote: drawing.channelNote,
            groups: [
                group(Word("rules.group_status"), Rule.statuses + custom, rules, drawing),
                group(Word("rules.group_moment"), Rule.moments, rules, drawing),
            ],
            canWrite: handling.caller.mayWrite)
        return try page.respond(model, 200, request, handling)
    }

    /// The switch of one row.
    func turn(_ request: Request, _ handling: Context) throws -> Response {
        let rules = context.settings[RuleSettings.rules]
        guard let id = handling.parameters["id"], var rule = rules[id] else { throw NotFound() }
        rule.isOn = request.form["on"] == "true"
        try context.settingsWriter.change(
            [RuleSettings.rules.key: rules.with(rule).json], by: handling.caller.actor)
        return context.pages.redirect(
            to: "/admin/rules", saying: rule.isOn ? "notice.rule_on" : "notice.rule_off", handling)
    }

    private func group(_ title: Word, _ statuses: [String], _ rules: [Rule], _ drawing: RuleDrawing) -> Group {
        Group(
            title: title,
            rows: statuses.flatMap { status in
                let found = rules.filter { $0.status == status }
                return found.isEmpty ? [drawing.emptyRow(status)] : found.map(drawing.row)
            })
    }

    struct Model: TemplateModel {
        var channelNote: Word?
        var groups: [Group]
        var canWrite: Bool

        static let fields: [Field<Self>] = [
            .word("channelNote") { $0.channelNote }, .list("groups", Group.self) { $0.groups },
            .flag("canWrite") { $0.canWrite },
        ]
    }

    struct Group: TemplateModel {
        var title: Word
        var rows: [Row]

        static let fields: [Field<Self>] = [.word("title") { $0.title }, .list("rows", Row.self) { $0.rows }]
    }

    struct Row: TemplateModel {
        var when: Word
        var status: String
        /// Nil where nothing is said.
        var id: String?
        var isOn = false
        var text: String?
        var template: String?
        var delay: String?
        var conditions: String?
        var warning: Word?

        static let fields: [Field<Self>] = [
            .word("when") { $0.when }, .text("status") { $0.status }, .flag("hasRule") { $0.id != nil },
            .text("id") { $0.id }, .flag("on") { $0.isOn }, .text("text") { $0.text },
            .text("template") { $0.template }, .text("delay") { $0.delay }, .text("conditions") { $0.conditions },
            .word("warning") { $0.warning },
        ]
    }
}

extension Caller {
    var mayWrite: Bool {
        if case .user(_, _, let role, _) = self { role >= .manager } else { false }
    }

    /// Under what name the audit log has a change.
    var actor: String {
        switch self {
        case .user(_, let email, _, _): email
        case .token(_, let name, _): name
        case .nobody: ""
        }
    }
}
