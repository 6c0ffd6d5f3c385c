import Core
import Domain
import Messaging
import PluginKit

extension Host {
    /// Who reads the webhooks of an endpoint, under the deadline of its plugin.
    func reader(_ endpoint: String) -> DeliveryWorker.Reading? {
        guard let (plugin, reader) = plugins.reader(endpoint) else { return nil }
        return { [self] delivery in try call(plugin) { reader.read(delivery) } }
    }

    /// The planners of all active plugins, each under the deadline of its own.
    var planners: [OrderPlanner] {
        plugins.active.flatMap { plugin in
            plugin.parts.planners.map { planner in
                OrderPlanner { [self] event, order in
                    try call(plugin.declaration.id) { try planner.plan(event, order) }
                }
            }
        }
    }

    /// What was not done in time is tried again later by whoever asked.
    private func call<Value: Sendable>(_ plugin: String, _ body: @escaping @Sendable () throws -> Value) throws -> Value
    {
        switch calls.run(plugin, body).outcome {
        case .done(let value): return value
        case .failed(let error): throw error
        case .late, .passedOver: throw PluginLate(plugin: plugin)
        }
    }
}

/// A plugin did not answer in time, or is still at a call that it was given before.
struct PluginLate: LoggableError, CustomStringConvertible {
    let plugin: String

    var description: String { "the plugin \(plugin) did not answer in time" }
}
