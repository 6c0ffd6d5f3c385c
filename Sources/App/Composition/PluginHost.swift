import Database
package import HTTP
package import PluginKit
package import SQL
import Store
import Synchronization
import Templating

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
        case failed(PluginProblem)
    }

    private struct State {
        var active: [Active] = []
        var failures: [String: PluginProblem] = [:]
    }

    package let all: [any Plugin]
    private let state = Mutex(State())
    private let hooks: HookBus

    /// - Parameter plugins: whose names `PluginNames` has checked.
    package init(_ plugins: [any Plugin], hooks: HookBus) {
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

    /// Makes the parts of every plugin that is to be active and puts them to work, those that others need first.
    ///
    /// - Parameters:
    ///   - choice: which those are.
    ///   - prepare: brings a plugin's tables up to date.
    ///   - context: what each plugin may reach.
    package func activate(
        _ choice: PluginChoice, prepare: (any Plugin) throws -> Void, context: (PluginDeclaration) -> PluginContext
    ) {
        var active: [String: Active] = [:]
        var failures: [String: PluginProblem] = [:]
        var waiting = all.filter { choice.isOn($0.declaration) }
        while let next = waiting.firstIndex(where: { $0.declaration.needs.allSatisfy { active[$0] != nil } }) {
            let plugin = waiting.remove(at: next)
            let declaration = plugin.declaration
            do {
                try prepare(plugin)
                let parts = try Self.start(plugin, context(declaration))
                active[declaration.id] = Active(declaration: declaration, parts: parts)
            } catch {
                failures[declaration.id] = PluginProblem(error)
            }
        }
        for plugin in waiting.map(\.declaration) {
            failures[plugin.id] = .lacks(plugin.needs.filter { active[$0] == nil }.map(name))
        }
        let inOrder = all.compactMap { active[$0.declaration.id] }
        state.withLock { [failures] in $0 = State(active: inOrder, failures: failures) }
        hooks.install(inOrder.map { ($0.declaration.id, $0.parts.hooks) })
    }

    private static func start(_ plugin: any Plugin, _ context: PluginContext) throws -> PluginParts {
        let declaration = plugin.declaration
        guard DottedVersion(Version.text) >= DottedVersion(declaration.needsHost) else {
            throw PluginProblem.needsHost(declaration.needsHost)
        }
        try plugin.validate(context)
        let parts = try plugin.parts(context)
        // What is kept by channel could not be found when it is uninstalled.
        if let stray = parts.channels.first(where: { !declaration.channels.contains($0.id) }) {
            throw PluginProblem.failed("its declaration does not name the channel \(stray.id)")
        }
        return parts
    }

    /// What a plugin is called; its id where there is none.
    package func name(_ id: String) -> String { find(id)?.declaration.name ?? id }

    package func find(_ id: String) -> (any Plugin)? { all.first { $0.declaration.id == id } }

    package func channel(_ id: String) -> (any Channel)? {
        active.lazy.flatMap(\.parts.channels).first { $0.id == id }
    }

    /// Who reads the webhooks of an endpoint, and whose reader that is.
    func reader(_ endpoint: String) -> (plugin: String, reader: DeliveryReader)? {
        for plugin in active {
            if let reader = plugin.parts.deliveryReaders.first(where: { $0.endpoint == endpoint }) {
                return (plugin.declaration.id, reader)
            }
        }
        return nil
    }

    /// The templates that plugins bring along; a name that does not begin with the plugin's id is a mistake.
    static func templates(_ plugins: [any Plugin]) -> [TemplateSource] {
        plugins.map(\.declaration).flatMap { plugin in
            plugin.templates.map { name, text in
                precondition(name.hasPrefix(plugin.id + "/"), "\(name) is no template of \(plugin.id)")
                return TemplateSource(name: name, file: name, text: text)
            }
        }
    }

    package var jobs: [JobDeclaration] { active.flatMap(\.parts.jobs) }
    /// Of one plugin, while it is active.
    func jobs(of id: String) -> [JobDeclaration] { active.first { $0.declaration.id == id }?.parts.jobs ?? [] }
    package var routes: [Route] { active.flatMap(\.parts.routes) }
    package var checks: [HealthCheck] { active.flatMap(\.parts.checks) }

    /// The migrations of plugins, active or not: a table stays until its plugin is uninstalled.
    package static func migrations(_ plugins: [any Plugin]) -> [MigrationSeries] {
        plugins.map(\.declaration).filter { !$0.migrations.isEmpty }.map {
            MigrationSeries(name: $0.id, tablePrefix: $0.id + "_", migrations: $0.migrations)
        }
    }
}
