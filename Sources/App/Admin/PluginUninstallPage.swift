import Core
import HTTP
import PluginKit
import Templating

/// `/admin/plugins/{id}/uninstall`: says what a plugin has, asks whether that goes too, and takes it away.
struct PluginUninstallPage: Sendable {
    struct Model: TemplateModel, FormPage {
        let plugin: PluginDeclaration
        let belongings: PluginRemoval.Belongings
        var choice: Choice?
        var confirm = ""
        /// Why what the plugin made outside could not be taken away.
        var outsideError: String?
        var isSent = false

        var dataError: Word? { isSent && choice == nil ? Word("uninstall.error.data") : nil }
        var confirmError: Word? {
            isSent && confirm != plugin.id ? Word("uninstall.error.confirm", ["id": .text(plugin.id)]) : nil
        }
        var formErrors: [FormError] {
            [dataError.map { FormError("keep", $0) }, confirmError.map { FormError("confirm", $0) }].compactMap { $0 }
        }

        static let fields: [Field<Self>] = [
            .text("id") { $0.plugin.id }, .text("name") { $0.plugin.name },
            .flag("hasTables") { !$0.belongings.tables.isEmpty },
            .list("tables", TableRow.self) { $0.belongings.tables.map(TableRow.init) },
            .flag("hasSettings") { !$0.belongings.settings.isEmpty }, .texts("settings") { $0.belongings.settings },
            .flag("hasSecrets") { !$0.belongings.secrets.isEmpty }, .texts("secrets") { $0.belongings.secrets },
            .word("jobs") { model in
                let count = model.belongings.jobs
                return count == 0 ? nil : Word("uninstall.jobs_count", ["count": .number(Int64(count))])
            },
            .word("warning") { $0.plugin.warning.map { Word($0) } },
            .word("outside") { $0.plugin.outside.map { Word($0) } }, .flag("keeps") { $0.choice == .keep },
            .flag("deletes") { $0.choice == .delete }, .text("confirm") { $0.confirm },
            .word("confirmError") { $0.confirmError }, .word("dataError") { $0.dataError },
            .text("outsideError") { $0.outsideError },
        ]
    }

    enum Choice: String {
        case keep, delete
    }

    struct TableRow: TemplateModel {
        let table: PluginRemoval.Belongings.Table

        static let fields: [Field<Self>] = [
            .text("name") { $0.table.name },
            .text("rows") { row in
                row.table.rows < PluginRemoval.countCap ? String(row.table.rows) : "\(PluginRemoval.countCap)+"
            },
        ]
    }

    private static let path = "/admin/plugins/{id}/uninstall"

    private let host: Host
    private let pages: PageRenderer
    private let reload: @Sendable () throws -> Void
    private let page: PreparedPage<Model>

    /// - Parameter reload: puts to work what the database says of plugins now.
    init(_ host: Host, _ pages: PageRenderer, reload: @escaping @Sendable () throws -> Void) throws {
        self.host = host
        self.pages = pages
        self.reload = reload
        page = try pages.admin("admin/plugin-uninstall", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.owner), confirmation: .always, bodyLimit: 0) { request, context in
                try allowed(context) { try page.respond(try model(of: $0), 200, request, context) }
            },
            Route(.post, Self.path, .role(.owner), confirmation: .always, bodyLimit: 16 << 10) { request, context in
                try allowed(context) { try submit($0, request, context) }
            },
        ]
    }

    private func submit(_ plugin: any Plugin, _ request: Request, _ context: Context) throws -> Response {
        var model = try model(of: plugin)
        model.isSent = true
        model.choice = request.form["data"].flatMap(Choice.init)
        model.confirm = request.form["confirm"]?.trimmingSpaces ?? ""
        guard let choice = model.choice, model.formErrors.isEmpty else {
            return try page.respond(model, 422, request, context)
        }
        do {
            try PluginRemoval(plugin, in: host).run(
                deletingData: choice == .delete, leavingOutside: request.form["anyway"] != nil,
                by: SignedIn(context).email, context: host.context(for: plugin.declaration, pages: pages),
                reload: reload)
        } catch let remains as PluginRemoval.OutsideRemains {
            model.outsideError = remains.description
            return try page.respond(model, 422, request, context)
        }
        return Flash.redirect(
            to: "/admin/plugins", "good",
            choice == .delete ? "notice.plugin_deleted" : "notice.plugin_uninstalled", context)
    }

    /// Goes on with the plugin that the address names, if it may be uninstalled.
    private func allowed(_ context: Context, _ body: (any Plugin) throws -> Response) throws -> Response {
        guard let plugin = context.parameters["id"].flatMap(host.plugins.find) else { throw Refusal.notFound }
        do {
            try PluginRemoval(plugin, in: host).check()
            return try body(plugin)
        } catch let forbidden as PluginSwitching.Forbidden {
            return try forbidden.response(context)
        }
    }

    private func model(of plugin: any Plugin) throws -> Model {
        Model(plugin: plugin.declaration, belongings: try PluginRemoval(plugin, in: host).belongings())
    }
}
