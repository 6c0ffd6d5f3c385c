package import Core
import Synchronization

/// A clock that stands still until a test moves it.
package final class FixedClock: Clock {
    private struct State {
        var now: Timestamp
        var sinceBoot: Timestamp.Span
    }

    private let state: Mutex<State>

    /// - Parameter now: 2026-11-20T10:28:18Z unless told.
    package init(
        _ now: Timestamp = Timestamp(seconds: 1_795_170_498), sinceBoot: Timestamp.Span = .hours(100)
    ) {
        state = Mutex(State(now: now, sinceBoot: sinceBoot))
    }

    package func now() -> Timestamp { state.withLock { $0.now } }
    package func sinceBoot() -> Timestamp.Span { state.withLock { $0.sinceBoot } }

    /// Lets time pass, on both clocks.
    package func advance(by span: Timestamp.Span) {
        state.withLock {
            $0.now = $0.now + span
            $0.sinceBoot = $0.sinceBoot + span
        }
    }

    /// Sets the wall clock alone, as an administrator does; the time since boot goes on as it was.
    package func set(_ now: Timestamp) {
        state.withLock { $0.now = now }
    }
}
