import Core
import SQL
import Synchronization

/// One transaction's hold on a connection, taken with its first statement: a closure that asks nothing costs nothing,
/// and BEGIN goes out together with what follows it.
final class PostgreSQLSession: Sendable {
    private struct State {
        var connection: PostgreSQLConnection?
        var failure: PostgreSQLFailure?
    }

    private let pool: PostgreSQLPool
    private let opening: [PostgreSQLRequest]
    private let patience: Timestamp.Span?
    private let log: Log
    private let state = Mutex(State())

    /// So many go out together; a failure is heard of before the next ones.
    private static let batch = 500
    private static let mostConnections = 3

    /// - Parameters:
    ///   - opening: BEGIN, and what is set within the transaction.
    ///   - patience: how long the server may be silent; nil for ever.
    init(
        _ pool: PostgreSQLPool, opening: [String], patience: Timestamp.Span?, log: Log
    ) {
        self.pool = pool
        self.opening = opening.map { .command($0) }
        self.patience = patience
        self.log = log
    }

    /// The first failure, by which the caller knows whether to run the closure again.
    var failure: PostgreSQLFailure? { state.withLock { $0.failure } }

    /// Runs the statements one after another; the first failure ends the transaction.
    func execute(_ queries: [Query]) throws(PostgreSQLFailure) -> [PostgreSQLAnswer] {
        try noting { () throws(PostgreSQLFailure) in
            var answers: [PostgreSQLAnswer] = []
            var rest = queries[...]
            while !rest.isEmpty {
                let requests = rest.prefix(Self.batch).map { PostgreSQLRequest.query($0) }
                rest = rest.dropFirst(Self.batch)
                if let connection = state.withLock({ $0.connection }) {
                    answers += try connection.exchange(requests, patience: patience)
                } else {
                    answers += try open(with: requests)
                }
                guard state.withLock({ $0.connection?.isIdle }) == false else {
                    let words = "a closure may not end its transaction"
                    throw PostgreSQLFailure(DatabaseError(kind: .misuse, message: words, sql: queries.first?.text))
                }
            }
            return answers
        }
    }

    /// Makes what was done durable; nothing to do when nothing was asked.
    func commit() throws(PostgreSQLFailure) {
        guard let connection = state.withLock({ $0.connection }) else { return }
        try noting { () throws(PostgreSQLFailure) in
            let tag: String?
            do throws(PostgreSQLFailure) {
                tag = try connection.exchange([.command("COMMIT")], patience: patience).first?.tag
            } catch {
                guard error.isLost, !error.isOfStopped else { throw error }
                throw .unknownOutcome(isSilence: error.isSilence)
            }
            // A failed transaction answers COMMIT with ROLLBACK, without an error.
            guard tag == "COMMIT" else {
                throw PostgreSQLFailure(DatabaseError(kind: .misuse, message: "a failed transaction was committed"))
            }
        }
    }

    /// Undoes what is not committed and hands the connection back.
    func end() {
        let (connection, failure) = state.withLock { state in
            defer { state.connection = nil }
            return (state.connection, state.failure)
        }
        guard let connection else { return }
        if connection.end(forgettingStatements: failure?.repetition == .statements) {
            pool.giveBack(connection)
        } else {
            letGo(after: failure)
        }
    }

    private func letGo(after failure: PostgreSQLFailure?) {
        if let failure, failure.isSilence { pool.dropSilent(failure.error) } else { pool.drop() }
    }

    /// A connection that died while it lay idle is replaced without the closure's notice: nothing was done on it yet.
    private func open(with requests: [PostgreSQLRequest]) throws(PostgreSQLFailure) -> [PostgreSQLAnswer] {
        var tries = 1
        while true {
            let connection = try take()
            do throws(PostgreSQLFailure) {
                let answers = try connection.exchange(opening + requests, patience: patience)
                state.withLock { $0.connection = connection }
                return Array(answers.dropFirst(opening.count))
            } catch {
                guard error.isLost else {
                    state.withLock { $0.connection = connection }
                    throw error
                }
                letGo(after: error)
                guard !error.isSilence, tries < Self.mostConnections else { throw error }
                log.info("database.reconnect")
                tries += 1
            }
        }
    }

    private func take() throws(PostgreSQLFailure) -> PostgreSQLConnection {
        do throws(DatabaseError) { return try pool.take() } catch { throw PostgreSQLFailure(error) }
    }

    private func noting<T>(_ work: () throws(PostgreSQLFailure) -> T) throws(PostgreSQLFailure) -> T {
        do { return try work() } catch {
            state.withLock { if $0.failure == nil { $0.failure = error } }
            throw error
        }
    }
}
