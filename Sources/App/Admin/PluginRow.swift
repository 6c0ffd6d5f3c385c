import Domain
import HTTP
import PluginKit
import Store
import Templating

/// One plugin as its declaration and its work so far tell.
struct PluginRow: TemplateModel {
    let declaration: PluginDeclaration
    var standing: PluginHost.Standing
    var what: Word?
    /// What its hooks have cost since the start, in words; nil while they have not run.
    var cost: Word?
    /// How long its slowest turn took, where that is too long.
    var slow: String?
    /// A call of it was left behind and has not come back.
    var isStuck: Bool
    var isInstalled: Bool
    /// The names of the plugins that it needs.
    var needs: [String]
    var hooks: [String]
    var hosts: [HostRow]

    init(_ declaration: PluginDeclaration, _ choice: PluginChoice, _ host: Host, _ words: any TemplateWords) {
        self.declaration = declaration
        standing = host.plugins.standing(declaration.id)
        let key = "plugin.\(declaration.id).what"
        what = words.has(key) ? Word(key) : nil
        isInstalled = choice.isInstalled(declaration)
        needs = declaration.needs.map(host.plugins.name)
        let spent = host.calls.costs(of: declaration.id)
        if spent.calls > 0 {
            let mean = TrailSentences.milliseconds(spent.microseconds / Int64(spent.calls))
            cost = Word(
                "plugins.cost",
                ["count": .number(Int64(spent.calls)), "time": .text(mean), "failures": .number(Int64(spent.failures))])
        }
        isStuck = spent.isStuck
        slow = spent.slowest > HookBus.slow ? TrailSentences.milliseconds(spent.slowest) : nil
        let active = host.plugins.active.first { $0.declaration.id == declaration.id }
        hooks = Set((active?.parts.hooks ?? []).map(\.hook)).sorted()
        hosts = declaration.hosts.map { HostRow($0, host.settings) }
    }

    static let fields: [Field<Self>] = [
        .text("id") { $0.declaration.id }, .text("name") { $0.declaration.name },
        .text("version") { $0.declaration.version }, .text("author") { $0.declaration.author },
        .text("licence") { $0.declaration.licence }, .word("what") { $0.what },
        .flag("active") { $0.standing != .inactive }, .word("warning") { $0.declaration.warning.map { Word($0) } },
        .object("state", Pill.self) { $0.pill },
        .word("problem") { if case .failed(let problem) = $0.standing { problem.word } else { nil } },
        .flag("mayUninstall") { $0.isInstalled },
        .word("needs") { row in
            row.needs.isEmpty ? nil : Word("plugins.needs", ["names": .text(row.needs.joined(separator: ", "))])
        },
        .flag("hasPermissions") { !$0.declaration.permissions.isEmpty },
        .list("permissions", PermissionRow.self) { row in
            row.declaration.permissions.map(\.rawValue).sorted().map(PermissionRow.init)
        },
        .flag("stuck") { $0.isStuck },
        .text("settingsHref") { row in
            row.declaration.settings.lazy.compactMap(\.tab).first.map { "/admin/settings/\($0)" }
        },
        .word("cost") { $0.cost }, .text("slow") { $0.slow }, .flag("hasHooks") { !$0.hooks.isEmpty },
        .texts("hooks") { $0.hooks }, .flag("hasHosts") { !$0.hosts.isEmpty },
        .list("hosts", HostRow.self) { $0.hosts },
    ]

    private var pill: Pill {
        switch standing {
        case .active: Pill(.good, "plugins.active")
        case .inactive: Pill(.idle, isInstalled ? "plugins.inactive" : "plugins.not_installed")
        case .failed: Pill(.bad, "plugins.broken")
        }
    }

    /// A part of the house that it uses.
    struct PermissionRow: TemplateModel {
        let id: String

        static let fields: [Field<Self>] = [.word("what") { Word("permission." + $0.id) }]
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
