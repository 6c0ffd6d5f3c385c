package import Core
package import Messaging

/// Wakes whoever has work: the loops of this process at once, those of other nodes by an announcement.
///
/// Announcements leave from a thread of their own, all topics of a moment together and not more often than every
/// `pause`: two hundred orders a second are twenty announcements. One that is lost costs a second, for whoever works
/// also looks by itself.
package final class Wakes: Sendable {
    private struct State {
        var waiting: Set<String> = []
        var isEnding = false
    }

    private static let pause = Timestamp.Span.milliseconds(50)

    private let workforce: Workforce
    private let log: Log
    private let announce: (@Sendable (Set<String>) throws -> Void)?
    private let state = Monitor(State())

    /// - Parameter announce: tells the other nodes; nil where there are none.
    package init(
        _ workforce: Workforce, log: Log, announce: (@Sendable (_ topics: Set<String>) throws -> Void)? = nil
    ) {
        self.workforce = workforce
        self.log = log
        self.announce = announce
    }

    package func wake(_ topic: WakeTopic) {
        workforce.wake(topic)
        guard announce != nil else { return }
        let isNews = state.withLock { $0.waiting.insert(topic.rawValue).inserted }
        if isNews { state.wakeAll() }
    }

    /// Another node has announced something. One of a later release may announce what is not known here.
    package func heard(_ topic: String) {
        if let topic = WakeTopic(rawValue: topic) { workforce.wake(topic) }
    }

    /// Begins to tell the other nodes; ends with the workforce.
    package func start() throws {
        guard let announce else { return }
        try workforce.run(
            "announcing", { [self] in run(announce) },
            unblock: { [state] in
                state.withLock { $0.isEnding = true }
                state.wakeAll()
            })
    }

    private func run(_ announce: (Set<String>) throws -> Void) {
        while let topics = next() {
            do {
                try announce(topics)
            } catch {
                log.warning("other nodes not woken", ["error": .error(error)])
            }
            _ = state.wait(atMost: Self.pause) { state in state.isEnding ? () : nil }
        }
    }

    /// What is to be announced; nil at the end, after the last.
    private func next() -> Set<String>? {
        state.wait { state -> Set<String>?? in
            guard state.waiting.isEmpty else {
                defer { state.waiting = [] }
                return .some(state.waiting)
            }
            return state.isEnding ? .some(nil) : nil
        }
    }
}
