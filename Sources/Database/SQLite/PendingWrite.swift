import Core
import SQL

/// A write closure on its way through the writer. Its outcome counts only once `settle` or `fail` has been called.
protocol WriteJob: Sendable {
    /// Runs the closure and keeps its outcome in place of an earlier run's.
    /// - Returns: whether it ran to its end.
    func run(on connection: SQLiteConnection) -> Bool
    /// What the last run kept is durable, or is the closure's own error: lets the caller go.
    func settle()
    /// The last run came to nothing: the caller gets `error`.
    func fail(_ error: any Error)
}

/// The closure of one caller, who waits for its outcome on a thread of its own.
final class PendingWrite<Value: Sendable>: WriteJob {
    private struct State {
        var outcome: Result<Value, any Error>?
        var wakes: [@Sendable () -> Void] = []
        var isSettled = false
    }

    private let reach: StatementReach
    private let tally: Tally
    private let body: @Sendable (any WriteTransaction) throws -> Value
    private let state = Monitor(State())

    init(
        _ reach: StatementReach, _ tally: Tally, _ body: @escaping @Sendable (any WriteTransaction) throws -> Value
    ) {
        self.reach = reach
        self.tally = tally
        self.body = body
    }

    func run(on connection: SQLiteConnection) -> Bool {
        let scope = TransactionScope(tally)
        let transaction = SQLiteTransaction(connection, scope: scope, reach: reach)
        let outcome = Result { try scope.run(transaction) { try body($0) } }
        state.withLock { state in
            state.outcome = outcome
            state.wakes = scope.wakes
        }
        if case .success = outcome { return true }
        return false
    }

    func settle() {
        state.withLock { $0.isSettled = true }
        state.wakeOne()
    }

    func fail(_ error: any Error) {
        state.withLock { state in
            state.outcome = .failure(error)
            state.isSettled = true
        }
        state.wakeOne()
    }

    /// Blocks until the writer is done with the closure, then runs its `afterCommit` list on this thread.
    func wait() throws -> Value {
        let (outcome, wakes) = state.wait { state in
            state.isSettled ? state.outcome.map { ($0, state.wakes) } : nil
        }
        let value = try outcome.get()
        for wake in wakes { wake() }
        return value
    }
}
