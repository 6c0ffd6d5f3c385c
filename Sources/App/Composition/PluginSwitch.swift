import Core
import PluginKit
import SQL
import Store

/// Puts down that a plugin is to work, or not to; whoever asks reloads the plugins afterwards.
struct PluginSwitch: Sendable {
    let plugin: PluginDeclaration
    /// Who asked, as the audit log names them.
    let actor: String

    /// - Returns: false for a plugin of the core, which stays on: without it nobody could mend anything.
    func set(active: Bool, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        guard active || !plugin.isCore else { return false }
        try PluginsTable.put(
            PluginsTable.Entry(id: plugin.id, isActive: active, version: plugin.version, since: now), in: tx)
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: actor,
                action: active ? "plugin.activated" : "plugin.deactivated", subject: "plugin:\(plugin.id)"), in: tx)
        return true
    }
}
