package import Core
import Synchronization

/// Runs plugins' code on threads of its own and waits for it, so that one that sleeps stops nobody. A call that is not
/// done in time is left behind, and until it comes back its plugin is passed over.
///
///     run ──▶ waiting ──in time──▶ ended: the caller has its result
///                └──deadline──▶ left behind: the plugin is stuck ──it returns──▶ not stuck any more
///
/// Calls of one plugin may run side by side, as their callers do, so that two plugins whose hooks reach each other never
/// wait in a circle. A call from inside a call of the same plugin stays on its thread, under the outer deadline.
package final class PluginCalls: Sendable {
    package enum Outcome<Value: Sendable>: Sendable {
        case done(Value)
        case failed(any Error)
        /// Not done in time: left behind.
        case late
        /// Not asked: the plugin is still at a call that was left behind.
        case passedOver
    }

    /// What a plugin's calls have cost since the start, for the plugins page.
    package struct Cost: Sendable, Equatable {
        package var calls = 0
        package var failures = 0
        package var microseconds: Int64 = 0
        package var slowest: Int64 = 0
        /// Calls that were left behind, those that came back later among them.
        package var late = 0
        /// Calls that are left behind at this moment.
        package var stuck = 0

        package var isStuck: Bool { stuck > 0 }
    }

    private enum Slot<Value: Sendable> {
        case waiting
        case ended(Result<Value, any Error>)
        case leftBehind
    }

    /// The plugins whose calls led to this one, on the thread that runs it.
    @TaskLocal private static var chain: [String] = []

    private let patience: Timestamp.Span
    private let threads = PluginThreads()
    private let costs = Mutex<[String: Cost]>([:])
    private let listener = Mutex<(@Sendable (_ plugin: String, _ isStuck: Bool) -> Void)?>(nil)

    /// - Parameter patience: how long a call may take.
    package init(patience: Timestamp.Span) { self.patience = patience }

    /// Calls `body` when a plugin gets stuck, and when its last call has come back.
    package func onStuck(_ body: @escaping @Sendable (_ plugin: String, _ isStuck: Bool) -> Void) {
        listener.withLock { $0 = body }
    }

    /// The plugins that are at a call which was left behind.
    package var stuckPlugins: [String] { costs.withLock { $0.filter(\.value.isStuck).map(\.key) } }

    package func costs(of plugin: String) -> Cost { costs.withLock { $0[plugin] ?? Cost() } }

    /// - Returns: what came of the call, and how long its caller waited for it.
    package func run<Value: Sendable>(
        _ plugin: String, _ body: @escaping @Sendable () throws -> Value
    ) -> (outcome: Outcome<Value>, microseconds: Int64) {
        let start = ContinuousClock.now
        let outcome = attempt(plugin, body)
        let took = ContinuousClock.now - start
        let microseconds = took.components.seconds * 1_000_000 + took.components.attoseconds / 1_000_000_000_000
        costs.withLock { costs in
            if case .passedOver = outcome { return }
            costs[plugin, default: Cost()].calls += 1
            costs[plugin, default: Cost()].microseconds += microseconds
            costs[plugin, default: Cost()].slowest = max(costs[plugin]?.slowest ?? 0, microseconds)
            if case .failed = outcome { costs[plugin, default: Cost()].failures += 1 }
        }
        return (outcome, microseconds)
    }

    private func attempt<Value: Sendable>(
        _ plugin: String, _ body: @escaping @Sendable () throws -> Value
    ) -> Outcome<Value> {
        let chain = Self.chain
        if chain.contains(plugin) { return Self.outcome(Result { try body() }) }
        if costs(of: plugin).isStuck { return .passedOver }
        let slot = Monitor(Slot<Value>.waiting)
        do {
            try threads.run { [weak self] in
                let result = Result { try Self.$chain.withValue(chain + [plugin]) { try body() } }
                let wasLeftBehind = slot.withLock { slot in
                    if case .leftBehind = slot { return true }
                    slot = .ended(result)
                    return false
                }
                slot.wakeAll()
                if wasLeftBehind { self?.comesBack(plugin) }
            }
        } catch {
            return .failed(error)
        }
        let ended = slot.wait(atMost: patience) { slot -> Result<Value, any Error>? in
            if case .ended(let result) = slot { result } else { nil }
        }
        return Self.outcome(ended ?? leaveBehind(plugin, slot))
    }

    /// Nil when it is still not done.
    private func leaveBehind<Value>(_ plugin: String, _ slot: Monitor<Slot<Value>>) -> Result<Value, any Error>? {
        let ended = slot.withLock { slot -> Result<Value, any Error>? in
            if case .ended(let result) = slot { return result }
            slot = .leftBehind
            costs.withLock {
                $0[plugin, default: Cost()].late += 1
                $0[plugin, default: Cost()].stuck += 1
            }
            return nil
        }
        if ended == nil { listener.withLock { $0 }?(plugin, true) }
        return ended
    }

    private func comesBack(_ plugin: String) {
        let isStuck = costs.withLock { costs in
            costs[plugin]?.stuck -= 1
            return costs[plugin]?.isStuck ?? false
        }
        if !isStuck { listener.withLock { $0 }?(plugin, false) }
    }

    private static func outcome<Value>(_ result: Result<Value, any Error>?) -> Outcome<Value> {
        switch result {
        case .success(let value): .done(value)
        case .failure(let error): .failed(error)
        case nil: .late
        }
    }
}
