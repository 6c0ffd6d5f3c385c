import Synchronization

/// How often something took how long, in fixed steps; any thread may observe.
package final class Histogram: Sendable {
    /// What was observed so far.
    package struct Snapshot: Sendable, Equatable {
        /// The upper end of each step, in seconds.
        package var bounds: [Double]
        /// By step, each without the ones below it; one more than there are bounds.
        package var counts: [Int]
        /// Of all observations, in seconds.
        package var sum: Double

        package var count: Int { counts.reduce(0, +) }
    }

    private struct State {
        var counts: [Int]
        var milliseconds: Double = 0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// - Parameter bounds: in seconds, rising.
    package init(bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    package func observe(_ span: Timestamp.Span) {
        let seconds = Double(max(0, span.milliseconds)) / 1000
        let step = bounds.firstIndex { seconds <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[step] += 1
            state.milliseconds += seconds * 1000
        }
    }

    package var snapshot: Snapshot {
        let state = state.withLock { $0 }
        return Snapshot(bounds: bounds, counts: state.counts, sum: state.milliseconds / 1000)
    }
}
