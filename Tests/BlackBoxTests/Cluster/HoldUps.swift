import Core
import Synchronization
import TestSupport

/// Notes when this process was held up by a busy machine: what it counted then came in earlier than it was counted.
final class HoldUps: Sendable {
    /// By time since boot.
    struct HoldUp: Sendable {
        var from: Timestamp.Span
        var to: Timestamp.Span
    }

    private struct State {
        var noted: [HoldUp] = []
        var isStopping = false
    }

    /// How often it is looked whether time passes as it should.
    private static let tick = Timestamp.Span.milliseconds(10)

    private let clock = SystemClock()
    private let state = Monitor(State())
    private let watching = Mutex<Concurrently?>(nil)

    /// - Parameter longest: what counts as one, if it takes longer.
    init(over longest: Timestamp.Span) throws {
        let (clock, state) = (clock, state)
        let started = try Concurrently(1) { _ in
            var last = clock.sinceBoot()
            while state.wait(atMost: Self.tick, for: { $0.isStopping ? () : nil }) == nil {
                let now = clock.sinceBoot()
                if now - last > longest { state.withLock { [last] in $0.noted.append(HoldUp(from: last, to: now)) } }
                last = now
            }
        }
        watching.withLock { $0 = started }
    }

    deinit {
        state.withLock { $0.isStopping = true }
        state.wakeAll()
    }

    /// Ends the looking, and says when it was held up.
    func stop() throws -> [HoldUp] {
        state.withLock { $0.isStopping = true }
        state.wakeAll()
        try watching.withLock { $0.take() }?.finish()
        return state.withLock { $0.noted }
    }
}
