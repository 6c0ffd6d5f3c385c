import SQL
import Synchronization

/// The life of one transaction object: open while its closure runs, failed from its first failed statement on.
///
/// A statement that fails ends the transaction on PostgreSQL, so it does on SQLite too: a closure cannot swallow the
/// error and commit the rest.
final class TransactionScope: Sendable {
    private struct State {
        var isOpen = true
        var isFirst = true
        var failure: DatabaseError?
        var wakes: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let tally: Tally

    init(_ tally: Tally) { self.tally = tally }

    /// Runs a statement, or some that go out together, if the transaction still takes any.
    func statement<T>(count: Int = 1, _ run: () throws(DatabaseError) -> T) throws(DatabaseError) -> T {
        let isFirst = try state.withLock { state throws(DatabaseError) -> Bool in
            guard state.isOpen else {
                throw DatabaseError(kind: .misuse, message: "a transaction was used after its closure")
            }
            if let failure = state.failure { throw failure }
            defer { if count > 0 { state.isFirst = false } }
            return state.isFirst && count > 0
        }
        tally.note(statements: count, opening: isFirst)
        do {
            return try run()
        } catch {
            fail(error)
            throw error
        }
    }

    /// Runs a whole closure on `transaction` and closes the transaction object after it.
    /// - Parameter marked: refuses use of the database from inside; needless where the connection is nobody else's.
    func run<Transaction, T>(
        _ transaction: Transaction, marked: Bool = true, _ body: (Transaction) throws -> T
    ) throws -> T {
        defer { state.withLock { $0.isOpen = false } }
        let value = marked ? try ClosureMark.around { try body(transaction) } : try body(transaction)
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return value
    }

    func fail(_ error: DatabaseError) { state.withLock { if $0.failure == nil { $0.failure = error } } }
    var failure: DatabaseError? { state.withLock { $0.failure } }

    func afterCommit(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wakes.append(wake) } }
    var wakes: [@Sendable () -> Void] { state.withLock { $0.wakes } }
}
