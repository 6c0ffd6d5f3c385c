import Core
import Database
import HTTP
import Messaging
import PluginKit
import SQL
import Store

extension Host {
    /// What this process sees by itself that concerns the whole house.
    var ownSightings: Set<Sighting> {
        let now = clock.now()
        var sightings = Set(calls.stuckPlugins.map(Sighting.stuckPlugin))
        if let proxy = doorstep.untrustedProxy(by: now) { sightings.insert(.untrustedProxy(proxy.description)) }
        if doorstep.wasUnencrypted(by: now) { sightings.insert(.unencrypted) }
        if let disk = DiskSpace(of: options.data)?.sighting { sightings.insert(disk) }
        return sightings
    }

    /// The same, and what the other processes see.
    func sightings(in tx: any ReadTransaction) throws -> Set<Sighting> {
        try ownSightings.union(NodeSightingsTable.alive(without: messaging.owner, in: tx))
    }

    /// A plugin has got stuck in this process, or its last call has come back.
    func noticed(_ plugin: String, isStuck: Bool) {
        do {
            // Before the alert: who looks whether it is over must find it here.
            let (sightings, node) = (ownSightings, messaging.owner)
            try database.writeBatch { tx in try NodeSightingsTable.replace(sightings, of: node, in: tx) }
        } catch {
            log.error("sightings not written down", ["error": .error(error)])
        }
        if isStuck {
            alerts.open(.slowPlugin(plugin, name: plugins.name(plugin)))
        } else {
            alerts.close(Alert.slowPluginID(plugin), unlessElsewhere: .stuckPlugin(plugin))
        }
    }
}

extension Set<Sighting> {
    var stuckPlugins: [String] { compactMap { if case .stuckPlugin(let id) = $0 { id } else { nil } }.sorted() }

    /// Of each machine the least room that one of its processes sees.
    var scarceDisks: [(machine: String, megabytes: Int64, isNearlyFull: Bool)] {
        let all = compactMap { sighting -> (machine: String, megabytes: Int64, isNearlyFull: Bool)? in
            guard case .scarceDisk(let machine, let megabytes, let isNearlyFull) = sighting else { return nil }
            return (machine, megabytes, isNearlyFull)
        }
        let byMachine = Dictionary(grouping: all, by: \.machine).sorted { $0.key < $1.key }
        return byMachine.compactMap { _, disks in disks.min { $0.megabytes < $1.megabytes } }
    }

    /// One of them, the same at each look.
    var untrustedProxy: String? {
        compactMap { if case .untrustedProxy(let address) = $0 { address } else { nil } }.min()
    }
}

extension Alert {
    /// - Parameter name: what people call the plugin.
    static func slowPlugin(_ id: String, name: String) -> Alert {
        Alert(
            id: slowPluginID(id), severity: .warning, word: "alert.plugin_slow", arguments: ["name": name],
            href: "/admin/plugins")
    }

    static func slowPluginID(_ id: String) -> String { "plugin.\(id).slow" }
}
