import Core
import Database
import HTTP
import Localization
import PluginKit
import Store
import Templating

/// `cartwright plugin …`: which plugins there are, and which of them work.
enum PluginCommands {
    static let all = [list, activate, deactivate, uninstall]

    private static let list = Command("plugin list", "Lists the plugins", flags: [.json, .keyFile]) { call in
        let entries = try call.withFoundation { foundation in
            try foundation.database.read { tx in try PluginsTable.all(in: tx) }
        }
        let choice = PluginChoice(entries: entries)
        try call.print(
            Listing(
                columns: ["id", "name", "version", "state"],
                rows: call.plugins.map(\.declaration).map {
                    [$0.id, $0.name, $0.version, state(of: $0, choice)]
                }))
    }

    private static func state(of plugin: PluginDeclaration, _ choice: PluginChoice) -> String {
        if choice.isOn(plugin) { return "active" }
        return choice.isInstalled(plugin) ? "inactive" : "not installed"
    }

    private static let activate = Command(
        "plugin activate", "Puts a plugin to work", operands: [.init(name: "ID")], flags: [.keyFile], begins: true
    ) { try set($0, isActive: true) }

    private static let deactivate = Command(
        "plugin deactivate", "Takes a plugin out of work; what it has kept stays", operands: [.init(name: "ID")],
        flags: [.keyFile, .resources], begins: true
    ) { call in
        try set(call, isActive: false)
        let catalog = try Catalog.load(try Resources.find(call[.resources]).locales)
        try warn(of: find(call).declaration, call, catalog)
    }

    private static let deleteData = Flag(
        "delete-data", "with its tables, settings, secrets, jobs and what it made outside")
    private static let anyway = Flag("anyway", "also where it cannot take away what it made outside")

    private static let uninstall = Command(
        "plugin uninstall", "Takes a plugin out of the house; what it has kept stays, or goes with --delete-data",
        operands: [.init(name: "ID")], flags: [deleteData, anyway, .keyFile, .resources]
    ) { call in
        let plugin = try find(call)
        let socket = HostOptions(call).controlSocket
        try call.withApplication { application in
            let host = application.host
            try SourceHold.refuseWrites(to: host.database)
            do {
                try PluginRemoval(plugin, in: host).run(
                    deletingData: call.has(deleteData), leavingOutside: call.has(anyway), by: CommandActor.name,
                    context: host.context(for: plugin.declaration, pages: application.renderer),
                    reload: { ControlSocket.askToReload(at: socket) })
                try warn(of: plugin.declaration, call, host.catalog)
            } catch let forbidden as PluginSwitching.Forbidden {
                throw CommandFailure(forbidden.description)
            } catch let remains as PluginRemoval.OutsideRemains {
                throw CommandFailure(
                    "\(plugin.declaration.name) is off, but what it made outside is still there: "
                        + "\(remains.description). Try again, or go on without by --anyway")
            }
        }
    }

    /// Says what does not work from now on.
    private static func warn(of plugin: PluginDeclaration, _ call: Invocation, _ catalog: Catalog) throws {
        guard let warning = plugin.warning else { return }
        let words = LocalWords(catalog.words(for: "en"), zone: .utc)
        try call.print(words.text(Word(warning)))
    }

    private static func find(_ call: Invocation) throws -> any Plugin {
        guard let plugin = call.plugins.first(where: { $0.declaration.id == call.operands[0] }) else {
            let ids = call.plugins.map(\.declaration.id).joined(separator: ", ")
            throw CommandFailure("there is no plugin \(call.operands[0]); there are: \(ids)")
        }
        return plugin
    }

    private static func set(_ call: Invocation, isActive: Bool) throws {
        let plugin = try find(call)
        let switching = PluginSwitching(plugins: call.plugins)
        let now = call.clock.now()
        try call.changing { foundation in
            do {
                try foundation.database.write { tx in
                    try switching.set(plugin.declaration, isActive: isActive, by: CommandActor.name, at: now, in: tx)
                }
            } catch let forbidden as PluginSwitching.Forbidden {
                throw CommandFailure(forbidden.description)
            }
        }
    }
}
