import Domain
import Core
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/plugins`: what is on board, what each takes part in and calls; the owner switches them on and off.
struct PluginsPage: Sendable {
    struct Model: TemplateModel {
        var canSwitch: Bool
        var plugins: [PluginRow]

        static let fields: [Field<Self>] = [
            .flag("canSwitch") { $0.canSwitch }, .list("plugins", PluginRow.self) { $0.plugins },
        ]
    }

    private let host: Host
    private let pages: PageRenderer
    private let reload: @Sendable () throws -> Void
    private let page: PreparedPage<Model>

    /// - Parameter reload: puts to work what the database says of plugins now.
    init(_ host: Host, _ pages: PageRenderer, reload: @escaping @Sendable () throws -> Void) throws {
        self.host = host
        self.pages = pages
        self.reload = reload
        page = try pages.admin("admin/plugins", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/plugins", .role(.manager), bodyLimit: 0) { request, context in
                let words = pages.words(locale: host.site.locale)
                let entries = try host.database.read { tx in try PluginsTable.all(in: tx) }
                let choice = PluginChoice(entries: entries)
                let model = Model(
                    canSwitch: try SignedIn(context).isOwner,
                    plugins: host.plugins.all.map { PluginRow($0.declaration, choice, host, words) })
                return try page.respond(model, 200, request, context)
            },
            Route(.post, "/admin/plugins/{id}/activate", .role(.owner), bodyLimit: 16 << 10) { _, context in
                try set(active: true, context)
            },
            Route(.post, "/admin/plugins/{id}/deactivate", .role(.owner), bodyLimit: 16 << 10) { _, context in
                try set(active: false, context)
            },
        ]
    }

    private func set(active: Bool, _ context: Context) throws -> Response {
        guard let plugin = context.parameters["id"].flatMap(host.plugins.find)?.declaration else {
            throw Refusal.notFound
        }
        let switching = PluginSwitching(plugins: host.plugins.all)
        let actor = try SignedIn(context).email
        let now = host.clock.now()
        do {
            try host.database.write { tx in
                try switching.set(plugin, isActive: active, by: actor, at: now, in: tx)
            }
        } catch let forbidden as PluginSwitching.Forbidden {
            return try forbidden.response(context)
        }
        try reload()
        if active, case .failed = host.plugins.standing(plugin.id) {
            return Flash.redirect(to: "/admin/plugins", "bad", "notice.plugin_failed", context)
        }
        if !active, let warning = plugin.warning {
            return Flash.redirect(to: "/admin/plugins", "warning", warning, context)
        }
        return Flash.redirect(
            to: "/admin/plugins", "good", active ? "notice.plugin_on" : "notice.plugin_off", context)
    }
}
