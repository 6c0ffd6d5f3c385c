package import Core
import Synchronization

/// Holds one sending number to its messages per second: in no stretch of a second do more leave than allowed.
///
/// There are as many places as messages may leave in a second. A place is free, taken for a message, or rests: for a
/// second from the moment when that message's bytes really left. So whatever delays a message after its place was
/// taken, no place serves two in one second.
package final class Pacer: Sendable {
    private struct State {
        /// When each place that nobody has may serve again, by time since boot.
        var free: [Timestamp.Span] = []
        /// Places whose messages have not left yet.
        var taken = 0
        var perSecond = 0
        /// No place is free before this.
        var notBefore = Timestamp.Span.zero
    }

    /// One message's place. It is given back when the message turns out not to leave, at the latest as this goes.
    package final class Place: Sendable {
        /// The message may leave from then on, by time since boot.
        package let notBefore: Timestamp.Span
        private let pacer: Pacer
        private let isOpen = Atomic(true)

        fileprivate init(_ pacer: Pacer, notBefore: Timestamp.Span) {
            self.pacer = pacer
            self.notBefore = notBefore
        }

        deinit { giveBack() }

        /// The bytes leave at this moment.
        package func depart() {
            if isOpen.exchange(false, ordering: .relaxed) { pacer.free(at: pacer.clock.sinceBoot() + Pacer.second) }
        }

        /// Nothing left, and nothing will. Means nothing after `depart`.
        package func giveBack() {
            if isOpen.exchange(false, ordering: .relaxed) { pacer.free(at: notBefore) }
        }
    }

    fileprivate let clock: any Clock
    private let state = Monitor(State())
    /// A little over a second, so that small delays on the way cannot crowd two seconds into one.
    private static let second = Timestamp.Span.milliseconds(1050)
    /// How far ahead of its time a place may be taken, so that what has to be done before a message leaves is done by
    /// then.
    private static let lead = Timestamp.Span.milliseconds(100)
    /// Of the places that come free within this time one turn takes all.
    private static let gathering = Timestamp.Span.milliseconds(50)
    /// When to ask again while every place is taken by messages that have not left.
    private static let soon = Timestamp.Span.milliseconds(20)

    package init(clock: any Clock) { self.clock = clock }

    /// A number taken over from another node may have sent up to its limit this very second: it rests for one.
    package func rest() {
        let end = clock.sinceBoot() + Self.second
        state.withLock { state in
            state.notBefore = end
            state.free = state.free.map { max($0, end) }
        }
    }

    /// Takes up to `wanted` places that are free, or will be in a moment; the first free first.
    package func take(_ wanted: Int, perSecond: Int) -> [Place] {
        let now = clock.sinceBoot()
        let times = state.withLock { state in
            Self.allow(perSecond, at: now, in: &state)
            let count = state.free.prefix(max(0, wanted)).prefix { $0 <= now + Self.lead }.count
            defer { state.free.removeFirst(count) }
            state.taken += count
            return Array(state.free.prefix(count))
        }
        return times.map { Place(self, notBefore: $0) }
    }

    /// How long until it makes sense to take places; zero when some are there.
    package func wait(perSecond: Int) -> Timestamp.Span {
        let now = clock.sinceBoot()
        return state.withLock { state in
            Self.allow(perSecond, at: now, in: &state)
            guard let first = state.free.first else { return Self.soon }
            // A turn for each single place would cost more than it sends: what is free shortly after is awaited.
            let last = state.free.last { $0 <= first + Self.gathering } ?? first
            return max(.zero, last - Self.lead - now)
        }
    }

    /// Waits until nothing that has a place is on its way out.
    package func waitUntilNoneIsTaken(atMost limit: Timestamp.Span) {
        _ = state.wait(atMost: limit) { $0.taken == 0 ? () : nil }
    }

    /// Makes as many places as may be used; the limit is a setting of the channel.
    private static func allow(_ perSecond: Int, at now: Timestamp.Span, in state: inout State) {
        guard perSecond != state.perSecond else { return }
        let missing = perSecond - state.free.count - state.taken
        if missing > 0 {
            // New ones may stand for some that were taken away within this second.
            let start = state.perSecond == 0 ? state.notBefore : max(state.notBefore, now + second)
            state.free += Array(repeating: start, count: missing)
        }
        // Those that served last stay: they say what has just left.
        if missing < 0 { state.free.removeFirst(min(-missing, state.free.count)) }
        state.perSecond = perSecond
        state.free.sort()
    }

    private func free(at time: Timestamp.Span) {
        state.withLock { state in
            state.taken -= 1
            // The limit may have been lowered meanwhile.
            guard state.free.count + state.taken < state.perSecond else { return }
            let place = state.free.lastIndex { $0 <= time }.map { $0 + 1 } ?? 0
            state.free.insert(time, at: place)
        }
        state.wakeAll()
    }
}
