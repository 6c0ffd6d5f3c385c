/// Uses things on a thread of its own, in their order, while the caller makes the next ones: reading beside writing.
///
///     try Conveyor<[Row]>.run("copy", use: { rows in try store(rows) }) { belt in
///         while let rows = try next() { try belt.put(rows) }
///     }
package final class Conveyor<Item: Sendable>: Sendable {
    private struct State {
        var waiting: [Item] = []
        /// No more will come.
        var isEnded = false
        /// What `use` threw: from there on nothing is used any more.
        var failure: (any Error)?
    }

    /// So many wait at most beside the one that is in use: they cost memory.
    private static var room: Int { 2 }

    private let state = Monitor(State())

    private init() {}

    /// Runs `make` here, which puts things on, and returns when all of them are used.
    /// - Returns: what `make` came to.
    /// - Throws: what `use` threw, after which `make` cannot put anything on any more, or what `make` threw.
    package static func run<Outcome>(
        _ name: String, use: @escaping @Sendable (Item) throws -> Void, make: (Conveyor) throws -> Outcome
    ) throws -> Outcome {
        let belt = Conveyor()
        let thread = try Thread.start(name) { belt.work(use) }
        let made = Result { try make(belt) }
        belt.state.withLock { state in
            state.isEnded = true
            // What was made before an error is of no use.
            if case .failure = made { state.waiting = [] }
        }
        belt.state.wakeAll()
        thread.join()
        if let failure = belt.state.withLock({ $0.failure }) { throw failure }
        return try made.get()
    }

    /// Waits while there is no room. Throws what `use` threw.
    package func put(_ item: Item) throws {
        try state.wait { state -> Result<Void, any Error>? in
            if let failure = state.failure { return .failure(failure) }
            guard state.waiting.count < Self.room else { return nil }
            state.waiting.append(item)
            return .success(())
        }.get()
        state.wakeAll()
    }

    private func work(_ use: (Item) throws -> Void) {
        while let item = next() {
            do {
                try use(item)
            } catch {
                state.withLock { $0.failure = error }
                return state.wakeAll()
            }
        }
    }

    /// Nil at the end.
    private func next() -> Item? {
        let item = state.wait { state -> Item?? in
            guard !state.waiting.isEmpty else { return state.isEnded ? .some(nil) : nil }
            return state.waiting.removeFirst()
        }
        state.wakeAll()
        return item
    }
}
