package import Core

/// A thread that does turns of one kind of work and sleeps in between until the next is due, or until it is woken.
package final class WorkLoop: Sendable {
    private struct State {
        var isWoken = false
        var isStopping = false
    }

    private let name: String
    private let clock: any Clock
    private let log: Log
    private let longestSleep: Timestamp.Span
    private let turn: @Sendable () throws -> Timestamp?
    private let leave: @Sendable () throws -> Void
    private let state = Monitor(State())

    /// - Parameters:
    ///   - longestSleep: a wake-up may be lost, or come from another process that cannot wake this one.
    ///   - turn: does what is due and says when the next turn is; nil when nothing is known to come.
    ///   - leave: after the last turn, lets go of what only this loop held.
    package init(
        _ name: String, clock: any Clock, log: Log, longestSleep: Timestamp.Span,
        turn: @escaping @Sendable () throws -> Timestamp?, leave: @escaping @Sendable () throws -> Void = {}
    ) {
        self.name = name
        self.clock = clock
        self.log = log
        self.longestSleep = longestSleep
        self.turn = turn
        self.leave = leave
    }

    package func start() throws -> Thread { try Thread.start(name) { [self] in run() } }

    package func wake() {
        state.withLock { $0.isWoken = true }
        state.wakeAll()
    }

    package func stop() {
        state.withLock { $0.isStopping = true }
        state.wakeAll()
    }

    private func run() {
        var failures: Int64 = 0
        var failure = RepeatedFailure()
        while true {
            let stopping = state.withLock { state in
                state.isWoken = false
                return state.isStopping
            }
            if stopping { return end() }
            var pause = longestSleep
            do {
                if let next = try turn() { pause = min(pause, max(.zero, next - clock.now())) }
                failures = 0
                if failure.isOver() { log.info("work goes on", ["loop": .text(name)]) }
            } catch {
                // The database is away, or worse: keep trying, ever more slowly.
                failures += 1
                pause = .milliseconds(min(5000, 100 << min(failures, 6)))
                if failure.isToBeSaid(error, at: clock.sinceBoot()) {
                    log.error("work failed", ["loop": .text(name), "error": .error(error)])
                }
            }
            if pause > .zero { sleep(pause) }
        }
    }

    private func end() {
        do {
            try leave()
        } catch {
            log.error("what was held is not free before its time", ["loop": .text(name), "error": .error(error)])
        }
    }

    private func sleep(_ pause: Timestamp.Span) {
        _ = state.wait(atMost: pause) { state in state.isWoken || state.isStopping ? () : nil }
    }
}
