import Core
import Database
import PluginKit
import SQL
import Store

/// `cartwright plugin …`: which plugins there are, and which of them work.
enum PluginCommands {
    static let all = [list, activate, deactivate]

    private static let list = Command("plugin list", "Lists the plugins", flags: [.json, .keyFile]) { call in
        let entries = try call.withFoundation { foundation in
            try foundation.database.read { tx in try PluginsTable.all(in: tx) }
        }
        let choice = PluginChoice(entries: entries)
        try call.print(
            Listing(
                columns: ["id", "name", "version", "state"],
                rows: call.plugins.map(\.declaration).map {
                    [$0.id, $0.name, $0.version, choice.isOn($0) ? "active" : "inactive"]
                }))
    }

    private static let activate = Command(
        "plugin activate", "Puts a plugin to work", operands: [.init(name: "ID")], flags: [.keyFile]
    ) { try set($0, isActive: true) }

    private static let deactivate = Command(
        "plugin deactivate", "Takes a plugin out of work; what it has kept stays", operands: [.init(name: "ID")],
        flags: [.keyFile]
    ) { try set($0, isActive: false) }

    private static func set(_ call: Invocation, isActive: Bool) throws {
        let declarations = call.plugins.map(\.declaration)
        guard let plugin = declarations.first(where: { $0.id == call.operands[0] }) else {
            let ids = declarations.map(\.id).joined(separator: ", ")
            throw CommandFailure("there is no plugin \(call.operands[0]); there are: \(ids)")
        }
        let now = call.clock.now()
        try call.changing { foundation in
            try foundation.database.write { tx in
                try PluginsTable.put(
                    PluginsTable.Entry(id: plugin.id, isActive: isActive, version: plugin.version, since: now), in: tx)
                try AuditTable.add(
                    AuditEntry(
                        id: ID.make(at: now), at: now, actor: CommandActor.name,
                        action: isActive ? "plugin.activated" : "plugin.deactivated", subject: plugin.id),
                    in: tx)
            }
        }
    }
}
