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
        var isSafeMode: Bool
        var canSwitch: Bool
        var plugins: [PluginRow]

        static let fields: [Field<Self>] = [
            .flag("safeMode") { $0.isSafeMode }, .flag("canSwitch") { $0.canSwitch },
            .list("plugins", PluginRow.self) { $0.plugins },
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
                let model = Model(
                    isSafeMode: host.options.safeMode, canSwitch: try SignedIn(context).isOwner,
                    plugins: host.plugins.all.map { PluginRow($0.declaration, host, words) })
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
        let declarations = host.plugins.all.map(\.declaration)
        guard let plugin = declarations.first(where: { $0.id == context.parameters["id"] }) else {
            throw Refusal.notFound
        }
        let asked = PluginSwitch(plugin: plugin, actor: try SignedIn(context).email)
        let now = host.clock.now()
        guard try host.database.write({ tx in try asked.set(active: active, at: now, in: tx) }) else {
            throw Refusal(409, "A plugin of the core stays on.")
        }
        try reload()
        if active, case .failed = host.plugins.standing(plugin.id) {
            return Flash.redirect(to: "/admin/plugins", "bad", "notice.plugin_failed", context)
        }
        return Flash.redirect(
            to: "/admin/plugins", "good", active ? "notice.plugin_on" : "notice.plugin_off", context)
    }
}

/// One plugin as its declaration and its work so far tell.
struct PluginRow: TemplateModel {
    let declaration: PluginDeclaration
    var standing: PluginHost.Standing
    var what: Word?
    /// What its hooks have cost since the start, in words; nil while they have not run.
    var cost: Word?
    /// How long its slowest turn took, where that is too long.
    var slow: String?
    var hooks: [String]
    var hosts: [HostRow]

    init(_ declaration: PluginDeclaration, _ host: Host, _ words: any TemplateWords) {
        self.declaration = declaration
        standing = host.plugins.standing(declaration.id)
        let key = "plugin.\(declaration.id).what"
        what = words.has(key) ? Word(key) : nil
        let spent = host.hooks.costs(of: declaration.id)
        if spent.calls > 0 {
            let mean = TrailSentences.milliseconds(spent.microseconds / Int64(spent.calls))
            cost = Word(
                "plugins.cost",
                ["count": .number(Int64(spent.calls)), "time": .text(mean), "failures": .number(Int64(spent.failures))])
        }
        slow = spent.slowest > HookBus.slow ? TrailSentences.milliseconds(spent.slowest) : nil
        let active = host.plugins.active.first { $0.declaration.id == declaration.id }
        hooks = Set((active?.parts.hooks ?? []).map(\.hook)).sorted()
        hosts = declaration.hosts.map { HostRow($0, host.settings) }
    }

    static let fields: [Field<Self>] = [
        .text("id") { $0.declaration.id }, .text("name") { $0.declaration.name },
        .text("version") { $0.declaration.version }, .text("author") { $0.declaration.author },
        .text("licence") { $0.declaration.licence }, .word("what") { $0.what },
        .flag("active") { $0.standing != .inactive }, .flag("core") { $0.declaration.isCore },
        .object("state", Pill.self) { $0.pill },
        .text("problem") { if case .failed(let reason) = $0.standing { reason } else { nil } },
        .text("settingsHref") { row in
            row.declaration.settings.lazy.compactMap(\.tab).first.map { "/admin/settings/\($0)" }
        },
        .word("cost") { $0.cost }, .text("slow") { $0.slow }, .flag("hasHooks") { !$0.hooks.isEmpty },
        .texts("hooks") { $0.hooks }, .flag("hasHosts") { !$0.hosts.isEmpty },
        .list("hosts", HostRow.self) { $0.hosts },
    ]

    private var pill: Pill {
        switch standing {
        case .active: declaration.isCore ? Pill(.good, "plugins.core") : Pill(.good, "plugins.active")
        case .inactive: Pill(.idle, "plugins.inactive")
        case .failed: Pill(.bad, "plugins.broken")
        }
    }

    /// A host outside that it calls.
    struct HostRow: TemplateModel {
        let host: OutsideHost
        /// The name of a fixed host, or the address that the admin's setting has.
        let name: String

        init(_ host: OutsideHost, _ settings: SettingsHub) {
            self.host = host
            switch host.address {
            case .host(let name): self.name = name
            case .setting(let key):
                let address = settings.declaration(key).flatMap { WebAddress(settings.shown($0)) }
                name = address?.host ?? key
            }
        }

        static let fields: [Field<Self>] = [
            .text("host") { $0.name }, .word("sends") { Word($0.host.sends) }, .word("when") { Word($0.host.when) },
            .text("termsHref") { $0.host.termsURL }, .text("privacyHref") { $0.host.privacyURL },
        ]
    }
}
