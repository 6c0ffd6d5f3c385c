/// Lets a few in at a time, a few more wait, and turns the rest away: for work that costs much memory or processor.
package final class Turnstile: Sendable {
    /// As many wait already as may.
    package struct Full: Error, Sendable {
        package init() {}
    }

    private struct State {
        var inside = 0
        var waiting = 0
    }

    private let width: Int
    private let queue: Int
    private let state = Monitor(State())

    /// - Parameters:
    ///   - width: how many are in at once.
    ///   - queue: how many wait.
    package init(width: Int, queue: Int) {
        self.width = width
        self.queue = queue
    }

    /// How many wait at this moment.
    package var waiting: Int { state.withLock { $0.waiting } }

    /// Blocks until there is room, then works. Throws `Full` at once when too many wait, and what `body` throws.
    package func pass<Result>(_ body: () throws -> Result) throws -> Result {
        try enter()
        defer {
            state.withLock { $0.inside -= 1 }
            state.wakeOne()
        }
        return try body()
    }

    private func enter() throws(Full) {
        let isIn = try state.withLock { state throws(Full) in
            if state.inside < width {
                state.inside += 1
                return true
            }
            guard state.waiting < queue else { throw Full() }
            state.waiting += 1
            return false
        }
        guard !isIn else { return }
        state.wait { state -> Void? in
            guard state.inside < width else { return nil }
            state.inside += 1
            state.waiting -= 1
            return ()
        }
    }
}
