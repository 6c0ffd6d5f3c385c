import Core
import Database
package import PluginKit
import SQL
import Store

/// Uninstalling a plugin: what would go, and taking it away.
///
///     on ──▶ off ──▶ outside taken away ──▶ data deleted, in one transaction ──▶ not installed
///                        └── fails: told; again, or on without
///
/// With its data kept only the first and the last step are done. What the ledger, the audit log and stored webhooks
/// say of it is history and stays.
package struct PluginRemoval: Sendable {
    /// What a plugin has in this house.
    package struct Belongings: Sendable, Equatable {
        package struct Table: Sendable, Equatable {
            package var name: String
            package var rows: Int
        }

        /// With how many rows, counted up to `countCap`.
        package var tables: [Table] = []
        /// The keys of what is stored, secrets apart.
        package var settings: [String] = []
        package var secrets: [String] = []
        package var jobs = 0
    }

    /// The plugin could not take away what it made outside.
    package struct OutsideRemains: Error, CustomStringConvertible {
        package let description: String
    }

    package static let countCap = 10_000

    private let host: Host
    private let plugin: any Plugin
    private var declaration: PluginDeclaration { plugin.declaration }
    private var switching: PluginSwitching { PluginSwitching(plugins: host.plugins.all) }

    package init(_ plugin: any Plugin, in host: Host) {
        self.plugin = plugin
        self.host = host
    }

    package func belongings() throws -> Belongings {
        var found = Belongings()
        found.tables = try host.database.tables(prefix: declaration.id + "_", countingTo: Self.countCap)
            .map { Belongings.Table(name: $0.name, rows: $0.rows) }
        let stored = declaration.settings.filter { host.settings.stored($0.key) != nil }
        found.settings = stored.filter { !$0.isSecret }.map(\.key)
        found.secrets = stored.filter(\.isSecret).map(\.key)
        found.jobs = try host.database.read { tx in try JobsTable.count(kindsFrom: declaration.id + ".", in: tx) }
        return found
    }

    /// Throws in words while it may not be uninstalled.
    package func check() throws {
        let choice = PluginChoice(entries: try host.database.read { tx in try PluginsTable.all(in: tx) })
        guard choice.isInstalled(declaration) else {
            throw PluginSwitching.Forbidden(description: "\(declaration.name) is not installed.")
        }
        try switching.checkDependents(of: declaration, choice)
    }

    /// - Parameters:
    ///   - leavingOutside: goes on where the plugin cannot take away what it made outside.
    ///   - actor: an admin's e-mail, or what else did it.
    ///   - context: what the plugin may reach.
    ///   - reload: puts to work what the database says of plugins now.
    /// - Throws: `OutsideRemains`; then the plugin is off, all else is as it was, and it may be tried again.
    package func run(
        deletingData: Bool, leavingOutside: Bool, by actor: String, context: PluginContext, reload: () throws -> Void
    ) throws {
        try check()
        // Off first, so that no job or hook of it makes anew what goes.
        if host.plugins.standing(declaration.id) != .inactive {
            let (switching, declaration, now) = (self.switching, self.declaration, host.clock.now())
            try host.database.write { tx in
                try switching.set(declaration, isActive: false, by: actor, at: now, in: tx)
            }
            try reload()
        }
        var data = ["data": deletingData ? "deleted" : "kept"]
        if deletingData {
            do {
                try plugin.uninstall(context)
            } catch {
                guard leavingOutside else { throw OutsideRemains(description: String(describing: error)) }
                data["outside"] = "left"
            }
        }
        let now = host.clock.now()
        let entry = AuditEntry(
            id: ID.make(at: now), at: now, actor: actor, action: "plugin.uninstalled",
            subject: "plugin:\(declaration.id)", data: data)
        let id = declaration.id
        let close: @Sendable (any WriteTransaction) throws -> Void = { tx in
            try PluginsTable.putUninstalled(id, at: now, in: tx)
            try AuditTable.add(entry, in: tx)
        }
        if deletingData {
            try delete(at: now, close)
        } else {
            try host.database.write(close)
        }
        try reload()
        try host.settings.refresh()
    }

    private func delete(
        at now: Timestamp, _ close: @escaping @Sendable (any WriteTransaction) throws -> Void
    ) throws {
        let declaration = declaration
        try host.database.remove(declaration.id, tablePrefix: declaration.id + "_") { tx in
            for setting in declaration.settings { try SettingsTable.set(setting.key, to: nil, at: now, in: tx) }
            try JobsTable.removeAll(kindsFrom: declaration.id + ".", in: tx)
            for prefix in [declaration.id + ".", "plugin.\(declaration.id)."] {
                try AlertsTable.removeAll(idsFrom: prefix, in: tx)
            }
            for channel in declaration.channels {
                try ChannelTemplatesTable.removeAll(channel: channel, in: tx)
                try PausesTable.removeAll(channel: channel, in: tx)
                try LeasesTable.removeAll(namesFrom: "dispatch:\(channel):", in: tx)
            }
            try close(tx)
        }
    }
}
