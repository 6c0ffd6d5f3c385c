import Domain
import Core
import Crypto
import Database
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Templating

/// `/admin/settings/{tab}`: every tab is drawn from the declarations. What a form does not send stays as it is.
struct SettingsPage: Sendable {
    struct Model: TemplateModel, FormPage {
        var tabs: [Tab] = []
        var tab = ""
        var copies: [Copy] = []
        var fields: [SettingField] = []
        var canWrite = false
        /// What speaks against the channel that was chosen; it is not changed before that was read.
        var objections: [ChannelObjection] = []
        var channel = ""
        /// How the routes of alerts went last, on their tab.
        var routes: [AlertRouteRow] = []
        /// What was told last and is over, on the same tab.
        var past: [PastAlertRow] = []

        static let fields: [Field<Self>] = [
            .list("tabs", Tab.self) { $0.tabs }, .text("tab") { $0.tab },
            .word("title") { Word("settings.tab." + $0.tab) }, .word("lead") { Word("settings.tab.\($0.tab).lead") },
            .flag("hasCopies") { !$0.copies.isEmpty }, .list("copies", Copy.self) { $0.copies },
            .list("fields", SettingField.self) { $0.fields },
            .flag("canWrite") { $0.canWrite },
            .flag("hasObjections") { !$0.objections.isEmpty }, .text("channel") { $0.channel },
            .list("objections", ObjectionRow.self) { $0.objections.map(ObjectionRow.init) },
            .flag("hasRoutes") { !$0.routes.isEmpty }, .list("routes", AlertRouteRow.self) { $0.routes },
            .flag("hasPast") { !$0.past.isEmpty }, .list("past", PastAlertRow.self) { $0.past },
        ]

        var formErrors: [FormError] {
            fields.compactMap { field in field.error.map { FormError(field.declaration.key, $0) } }
        }

        mutating func refuse(_ key: String, _ error: Word) {
            for index in fields.indices where fields[index].declaration.key == key { fields[index].error = error }
        }
    }

    struct Tab: TemplateModel {
        var id: String
        var current: Bool

        static let fields: [Field<Self>] = [
            .text("href") { "/admin/settings/" + $0.id }, .word("label") { Word("settings.tab." + $0.id) },
            .flag("current") { $0.current },
        ]
    }

    /// An address of ours that is pasted elsewhere.
    struct Copy: TemplateModel {
        var id: String
        var value: String

        static let fields: [Field<Self>] = [
            .text("id") { "copy-" + $0.id }, .word("label") { Word("setting.copy.\($0.id).label") },
            .word("help") { Word("setting.copy.\($0.id).help") }, .text("value") { $0.value },
        ]
    }

    /// The order in which tabs stand; a plugin's own tab follows.
    private static let order = ["site", "sending", "orders", "woocommerce", "meta", "storefront", "alerts", "keeping"]

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/settings", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/settings", .role(.manager), bodyLimit: 0) { _, _ in
                .redirect(to: "/admin/settings/site")
            },
            Route(.get, "/admin/settings/{tab}", .role(.manager), bodyLimit: 0) { request, context in
                let model = try model(of: context, typed: nil)
                return try page.respond(model, 200, request, context)
            },
            Route(.post, "/admin/settings/{tab}", .role(.owner), confirmation: .byHandler, bodyLimit: 256 << 10) {
                try save($0, $1)
            },
        ]
    }

    private var tabs: [String] {
        let used = Set(host.settings.declarations.compactMap(\.tab))
        return Self.order.filter(used.contains) + used.subtracting(Self.order).sorted()
    }

    private func model(of context: Context, typed: Form?) throws -> Model {
        let tabs = self.tabs
        guard let tab = context.parameters["tab"], tabs.contains(tab) else { throw Refusal.notFound }
        var model = Model(tab: tab)
        model.tabs = tabs.map { Tab(id: $0, current: $0 == tab) }
        model.fields = host.settings.declarations.filter { $0.tab == tab }.map {
            SettingField($0, in: host.settings, typed: typed)
        }
        if case .user(_, _, let role, _) = context.caller { model.canWrite = role == .owner }
        if tab == "alerts" {
            model.routes = try AlertRouteRow.all(host)
            model.past = try PastAlertRow.all(host, pages.words(locale: host.site.locale))
        }
        let hooks = ["woocommerce": ("woocommerce_hook", "/hooks/woocommerce"), "meta": ("meta_hook", "/hooks/meta")]
        if let (id, path) = hooks[tab], !host.site.publicURL.isEmpty {
            model.copies = [Copy(id: id, value: host.site.publicURL + path)]
        }
        return model
    }

    private func save(_ request: Request, _ context: Context) throws -> Response {
        let email = try SignedIn(context).email
        let form = request.form
        var model = try model(of: context, typed: form)
        let changes = model.fields.reduce(into: [String: String]()) { changes, field in
            guard let value = field.change(in: form) else { return }
            // What was left as it was shown is nobody's choice: a default goes on following what it follows.
            let isLeft = !field.declaration.isSecret && value == host.settings.shown(field.declaration)
            if !isLeft { changes[field.declaration.key] = value }
        }
        // Secrets are changed, and sent elsewhere, only by who gave their own password a short while ago.
        if model.fields.contains(where: { changes[$0.declaration.key] != nil && isGuarded($0, in: model) }) {
            try context.requireConfirmation()
        }
        let channel = changes[MessagingSettings.channel.key]
        // The yes is to this channel: another choice is asked about anew.
        if let channel, form["confirmed"] != channel {
            model.objections = try host.objections(to: changes)
            if !model.objections.isEmpty {
                model.refuse(MessagingSettings.channel.key, Word("settings.objections_error"))
                model.channel = channel
                return try page.respond(model, 422, request, context)
            }
        }
        do {
            try host.settings.change(changes, by: email)
        } catch let problems as SettingProblems {
            for (key, problem) in problems.byKey { model.refuse(key, problem.word) }
            return try page.respond(model, 422, request, context)
        }
        return Flash.redirect(to: "/admin/settings/" + model.tab, "good", "notice.saved", context)
    }

    /// A secret, or the address that those beside it are sent to.
    private func isGuarded(_ field: SettingField, in model: Model) -> Bool {
        if field.declaration.isSecret { return true }
        guard case .url = field.declaration.kind else { return false }
        return model.fields.contains { $0.declaration.isSecret }
    }
}

extension SettingProblem {
    /// In words.
    var word: Word {
        Word("problem." + id, arguments.mapValues { Int64($0).map(WordArgument.number) ?? .text($0) })
    }
}
