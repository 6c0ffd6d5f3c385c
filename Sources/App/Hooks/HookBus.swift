package import Core
package import PluginKit
import Synchronization

/// Runs the active plugins' hooks: filters in order of priority, each measured and under a deadline; actions one after
/// the other.
///
/// The table is replaced as a whole when plugins come and go, so that running hooks never waits for it.
package final class HookBus: HookRunner {
    private struct Entry: Sendable {
        var plugin: String
        var registration: HookRegistration
        var place: Int
    }

    /// A filter that takes longer marks its plugin as slow.
    package static let slow: Int64 = 50_000

    private let log: Log
    private let entries = Mutex<[String: [Entry]]>([:])
    private let calls: PluginCalls

    package init(calls: PluginCalls, log: Log) {
        self.calls = calls
        self.log = log
    }

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

    package func apply<Value: Sendable & Equatable>(
        _ filter: Filter<Value>, to value: Value
    ) -> (value: Value, trace: [HookTrace]) {
        var value = value
        var trace: [HookTrace] = []
        for entry in entries.withLock({ $0[filter.id] ?? [] }) {
            let (outcome, microseconds) = run(entry, with: value)
            var told = HookTrace(plugin: entry.plugin, hook: filter.id, outcome: .failed, microseconds: microseconds)
            switch outcome {
            case .done(let result):
                guard let result = result as? Value else { break }
                told.outcome = result == value ? .unchanged : .changed
                value = result
            case .failed: break
            case .late: told.outcome = .late
            case .passedOver: told.outcome = .passedOver
            }
            trace.append(told)
        }
        return (value, trace)
    }

    package func fire<Event: Sendable>(_ action: Action<Event>, _ event: Event) {
        for entry in entries.withLock({ $0[action.id] ?? [] }) { _ = run(entry, with: event) }
    }

    /// What goes wrong is logged and does not stop the others.
    private func run(
        _ entry: Entry, with value: any Sendable
    ) -> (outcome: PluginCalls.Outcome<any Sendable>, microseconds: Int64) {
        let call = calls.run(entry.plugin) { try entry.registration.run(value) }
        switch call.outcome {
        case .done, .passedOver: break
        case .failed(let error):
            log.error(
                "hook failed",
                ["plugin": .text(entry.plugin), "hook": .text(entry.registration.hook), "error": .error(error)])
        case .late:
            log.error("hook took too long", ["plugin": .text(entry.plugin), "hook": .text(entry.registration.hook)])
        }
        return call
    }
}
