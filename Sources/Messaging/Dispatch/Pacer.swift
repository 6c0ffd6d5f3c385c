package import Core
import Synchronization

/// Holds one sending number to its messages per second: in no stretch of a second do more leave than allowed.
package final class Pacer: Sendable {
    private struct State {
        /// When the latest messages got their slot, by time since boot; at most `perSecond` of them, oldest first.
        var departures: [Timestamp.Span] = []
        /// Nothing leaves before this.
        var notBefore = Timestamp.Span.zero
    }

    private let clock: any Clock
    private let state = Mutex(State())
    /// A little over a second, so that small delays on the way out cannot crowd two seconds into one.
    private static let second = Timestamp.Span.milliseconds(1050)

    package init(clock: any Clock) { self.clock = clock }

    /// A number taken over from another node may have sent up to its limit this very second: it rests for one.
    package func rest() {
        state.withLock { $0.notBefore = clock.sinceBoot() + Self.second }
    }

    /// Takes up to `wanted` slots at once.
    package func take(_ wanted: Int, perSecond: Int) -> Int {
        let now = clock.sinceBoot()
        return state.withLock { state in
            guard now >= state.notBefore else { return 0 }
            state.departures.removeAll { $0 + Self.second <= now }
            let given = min(wanted, max(0, perSecond - state.departures.count))
            state.departures += Array(repeating: now, count: given)
            return given
        }
    }

    /// Returns slots that were taken but not used.
    package func giveBack(_ unused: Int) {
        state.withLock { $0.departures.removeLast(min(unused, $0.departures.count)) }
    }

    /// How long until at least one slot is free; zero when one is.
    package func wait(perSecond: Int) -> Timestamp.Span {
        let now = clock.sinceBoot()
        return state.withLock { state in
            var free = max(state.notBefore, now)
            let busy = state.departures.filter { $0 + Self.second > now }
            if busy.count >= perSecond, perSecond > 0 { free = max(free, busy[busy.count - perSecond] + Self.second) }
            return free - now
        }
    }
}
