package import Core
package import PluginKit
import Synchronization

/// Runs the active plugins' hooks: filters in order of priority, each measured; actions one after the other.
///
/// The table is replaced as a whole when plugins come and go, so that running hooks never waits for it.
package final class HookBus: HookRunner {
    private struct Entry: Sendable {
        var plugin: String
        var registration: HookRegistration
        var place: Int
    }

    /// What a plugin's hooks have cost since the start, for the plugins page.
    package struct Cost: Sendable, Equatable {
        package var calls = 0
        package var failures = 0
        package var microseconds: Int64 = 0
        package var slowest: Int64 = 0
    }

    /// A filter that takes longer marks its plugin as slow.
    package static let slow: Int64 = 50_000

    private let log: Log
    private let entries = Mutex<[String: [Entry]]>([:])
    private let costs = Mutex<[String: Cost]>([:])

    package init(log: Log) { self.log = log }

    /// Puts these hooks in place of all others.
    package func install(_ hooks: [(plugin: String, registrations: [HookRegistration])]) {
        var table: [String: [Entry]] = [:]
        var place = 0
        for (plugin, registrations) in hooks {
            for registration in registrations {
                table[registration.hook, default: []].append(
                    Entry(plugin: plugin, registration: registration, place: place))
                place += 1
            }
        }
        for hook in table.keys {
            table[hook]?.sort { ($0.registration.priority, $0.place) < ($1.registration.priority, $1.place) }
        }
        entries.withLock { [table] in $0 = table }
    }

    package func costs(of plugin: String) -> Cost { costs.withLock { $0[plugin] ?? Cost() } }

    package func apply<Value: Sendable & Equatable>(
        _ filter: Filter<Value>, to value: Value
    ) -> (value: Value, trace: [HookTrace]) {
        var value = value
        var trace: [HookTrace] = []
        for entry in entries.withLock({ $0[filter.id] ?? [] }) {
            let (result, microseconds) = run(entry, with: value)
            let changed = (result as? Value).map { $0 != value } ?? false
            if let result = result as? Value { value = result }
            trace.append(
                HookTrace(
                    plugin: entry.plugin, hook: filter.id, changed: changed, microseconds: microseconds,
                    failed: result == nil))
        }
        return (value, trace)
    }

    package func fire<Event: Sendable>(_ action: Action<Event>, _ event: Event) {
        for entry in entries.withLock({ $0[action.id] ?? [] }) { _ = run(entry, with: event) }
    }

    /// Nil when the hook threw: it is logged, counted, and does not stop the others.
    private func run(_ entry: Entry, with value: any Sendable) -> (result: (any Sendable)?, microseconds: Int64) {
        let start = ContinuousClock.now
        var result: (any Sendable)?
        do {
            result = try entry.registration.run(value)
        } catch {
            log.error(
                "hook failed",
                ["plugin": .text(entry.plugin), "hook": .text(entry.registration.hook), "error": .error(error)])
        }
        let took = ContinuousClock.now - start
        let microseconds = took.components.seconds * 1_000_000 + took.components.attoseconds / 1_000_000_000_000
        costs.withLock { [result] in
            var cost = $0[entry.plugin] ?? Cost()
            cost.calls += 1
            cost.failures += result == nil ? 1 : 0
            cost.microseconds += microseconds
            cost.slowest = max(cost.slowest, microseconds)
            $0[entry.plugin] = cost
        }
        return (result, microseconds)
    }
}
