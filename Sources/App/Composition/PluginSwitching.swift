import Core
import HTTP
import PluginKit
import SQL
import Store

/// Plugins switched on and off by people, from the plugins page, the API or the command line, with what
/// forbids it in words. Whoever asks reloads the plugins afterwards.
struct PluginSwitching: Sendable {
    let plugins: [any Plugin]

    /// What was asked cannot be; the sentence says what to do instead.
    struct Forbidden: Error, CustomStringConvertible {
        let description: String
        /// What the plugins page says of it; nil where no button leads there.
        var notice: String?

        /// Back to the plugins page.
        func response(_ context: Context) throws -> Response {
            guard let notice else { throw Refusal(409, description) }
            return Flash.redirect(to: "/admin/plugins", "bad", notice, context)
        }
    }

    /// - Parameter actor: an admin's e-mail, or what else did it.
    func set(
        _ plugin: PluginDeclaration, isActive: Bool, by actor: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        let choice = PluginChoice(entries: try PluginsTable.all(in: tx))
        if isActive {
            try checkNeeds(of: plugin, choice)
        } else {
            try checkDependents(of: plugin, choice)
        }
        let version = isActive || choice.isInstalled(plugin) ? plugin.version : ""
        try PluginsTable.put(
            PluginsTable.Entry(id: plugin.id, isActive: isActive, version: version, since: now), in: tx)
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: actor,
                action: isActive ? "plugin.activated" : "plugin.deactivated", subject: "plugin:\(plugin.id)"),
            in: tx)
    }

    private func checkNeeds(of plugin: PluginDeclaration, _ choice: PluginChoice) throws(Forbidden) {
        guard DottedVersion(Version.text) >= DottedVersion(plugin.needsHost) else {
            throw Forbidden(
                description: "\(plugin.name) needs Cartwright \(plugin.needsHost) or later; this is \(Version.text).")
        }
        let missing = plugin.needs.filter { id in
            !plugins.contains { $0.declaration.id == id && choice.isOn($0.declaration) }
        }
        guard missing.isEmpty else {
            let names = missing.map { id in plugins.first { $0.declaration.id == id }?.declaration.name ?? id }
            throw Forbidden(
                description: "\(plugin.name) needs \(names.joined(separator: ", ")): switch on that first.",
                notice: "notice.plugin_lacks")
        }
    }

    func checkDependents(of plugin: PluginDeclaration, _ choice: PluginChoice) throws(Forbidden) {
        let others = plugins.map(\.declaration).filter { $0.needs.contains(plugin.id) && choice.isOn($0) }.map(\.name)
        guard others.isEmpty else {
            throw Forbidden(
                description:
                    "\(others.joined(separator: ", ")) would not work without \(plugin.name): switch off that first.",
                notice: "notice.plugin_needed")
        }
    }
}
