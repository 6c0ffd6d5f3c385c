import Database
package import HTTP
package import PluginKit
package import SQL
package import Store
import Synchronization

/// Which plugins are to be active: what people chose, and where they did not, what the program was started for.
package struct PluginChoice: Sendable {
    /// What the table says.
    package var entries: [PluginsTable.Entry]
    /// `--safe-mode`.
    package var coreOnly = false
    /// `--demo`.
    package var demo = false

    package init(entries: [PluginsTable.Entry], coreOnly: Bool = false, demo: Bool = false) {
        self.entries = entries
        self.coreOnly = coreOnly
        self.demo = demo
    }

    package func isOn(_ plugin: PluginDeclaration) -> Bool {
        guard plugin.isCore || !coreOnly else { return false }
        return entries.first { $0.id == plugin.id }?.isActive ?? (demo || !plugin.isForDemo)
    }
}

/// The plugins of this program: which there are, which are active, and the working parts of those.
package final class PluginHost: Sendable {
    package struct Active: Sendable {
        package let declaration: PluginDeclaration
        package let parts: PluginParts
    }

    /// How a plugin stands, for the plugins page.
    package enum Standing: Sendable, Equatable {
        case active
        case inactive
        /// It could not be activated; the reason is shown.
        case failed(String)
    }

    private struct State {
        var active: [Active] = []
        var failures: [String: String] = [:]
    }

    package let all: [any Plugin]
    private let state = Mutex(State())
    private let hooks: HookBus

    /// Two plugins with one id are a mistake of the program.
    package init(_ plugins: [any Plugin], hooks: HookBus) {
        precondition(Set(plugins.map(\.declaration.id)).count == plugins.count, "two plugins share an id")
        all = plugins
        self.hooks = hooks
    }

    package var active: [Active] { state.withLock { $0.active } }

    package func standing(_ id: String) -> Standing {
        state.withLock { state in
            if let reason = state.failures[id] { return .failed(reason) }
            return state.active.contains { $0.declaration.id == id } ? .active : .inactive
        }
    }

    /// Makes the parts of every plugin that is to be active and puts them to work.
    ///
    /// - Parameters:
    ///   - choice: which those are.
    ///   - context: what each plugin may reach.
    package func activate(_ choice: PluginChoice, context: (PluginDeclaration) -> PluginContext) {
        var active: [Active] = []
        var failures: [String: String] = [:]
        for plugin in all where choice.isOn(plugin.declaration) {
            let declaration = plugin.declaration
            do {
                active.append(Active(declaration: declaration, parts: try plugin.parts(context(declaration))))
            } catch {
                failures[declaration.id] = String(describing: error)
            }
        }
        state.withLock { [active, failures] in $0 = State(active: active, failures: failures) }
        hooks.install(active.map { ($0.declaration.id, $0.parts.hooks) })
    }

    package func channel(_ id: String) -> (any Channel)? {
        active.lazy.flatMap(\.parts.channels).first { $0.id == id }
    }

    package func reader(_ endpoint: String) -> DeliveryReader? {
        active.lazy.flatMap(\.parts.deliveryReaders).first { $0.endpoint == endpoint }
    }

    package var planners: [OrderPlanner] { active.flatMap(\.parts.planners) }
    package var jobs: [JobDeclaration] { active.flatMap(\.parts.jobs) }
    package var routes: [Route] { active.flatMap(\.parts.routes) }
    package var checks: [HealthCheck] { active.flatMap(\.parts.checks) }

    /// The migrations of every plugin, active or not: a table stays until its plugin is uninstalled.
    package static func migrations(_ plugins: [any Plugin]) -> [MigrationSeries] {
        plugins.map(\.declaration).filter { !$0.migrations.isEmpty }.map {
            MigrationSeries(name: $0.id, tablePrefix: $0.id + "_", migrations: $0.migrations)
        }
    }
}
