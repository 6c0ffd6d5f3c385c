import Database
package import HTTP
package import PluginKit
package import SQL
package import Store
import Synchronization

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
    ///   - entries: what the table says; a plugin that it does not know is active.
    ///   - coreOnly: `--safe-mode`.
    ///   - context: what each plugin may reach.
    package func activate(
        _ entries: [PluginsTable.Entry], coreOnly: Bool, context: (PluginDeclaration) -> PluginContext
    ) {
        var active: [Active] = []
        var failures: [String: String] = [:]
        let off = Set(entries.filter { !$0.isActive }.map(\.id))
        for plugin in all {
            let declaration = plugin.declaration
            guard !off.contains(declaration.id), declaration.isCore || !coreOnly else { continue }
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

    /// The migrations of every plugin, active or not: a table stays until its plugin is uninstalled.
    package static func migrations(_ plugins: [any Plugin]) -> [MigrationSeries] {
        plugins.map(\.declaration).filter { !$0.migrations.isEmpty }.map {
            MigrationSeries(name: $0.id, migrations: $0.migrations)
        }
    }
}
