import Core
import SQL
import Synchronization

/// One connection to the server, used by one thread at a time; the lock makes each call whole.
final class PostgreSQLConnection: Sendable {
    private let handle: Mutex<PostgreSQLHandle>

    init(address: Secret) throws(DatabaseError) {
        handle = Mutex(try PostgreSQLHandle(address: address))
        do throws(PostgreSQLFailure) {
            try handle.withLock { handle throws(PostgreSQLFailure) in try handle.prepareSession() }
        } catch {
            throw error.error
        }
    }

    func begin(_ mode: String) throws(PostgreSQLFailure) {
        try handle.withLock { handle throws(PostgreSQLFailure) in
            _ = try handle.command("BEGIN ISOLATION LEVEL \(mode)")
        }
    }

    /// - Throws: also when the connection ends in between: then nobody knows whether the commit took effect, and the
    ///   closure must not run again.
    func commit() throws(PostgreSQLFailure) {
        let tag: String
        do {
            tag = try handle.withLock { handle throws(PostgreSQLFailure) in try handle.command("COMMIT") }
        } catch {
            guard error.lostConnection else { throw error }
            let words = "the connection ended during COMMIT; whether it took effect is not known"
            throw PostgreSQLFailure(DatabaseError(kind: .unavailable, message: words), lostConnection: true)
        }
        // A failed transaction answers COMMIT with ROLLBACK, without an error.
        guard tag == "COMMIT" else {
            throw PostgreSQLFailure(DatabaseError(kind: .misuse, message: "a failed transaction was committed"))
        }
    }

    /// Ends whatever is open and makes the connection fit for the next user.
    /// - Returns: false when it is of no more use.
    func rollBack(forgettingStatements: Bool) -> Bool {
        handle.withLock { handle in
            do throws(PostgreSQLFailure) {
                if !handle.isIdle { try handle.command("ROLLBACK") }
                if forgettingStatements { try handle.forgetStatements() }
                return true
            } catch {
                return false
            }
        }
    }

    func execute(_ query: Query) throws(PostgreSQLFailure) -> (rows: [Row], changed: Int) {
        try handle.withLock { handle throws(PostgreSQLFailure) in
            let answer = try handle.execute(query)
            guard !handle.isIdle else {
                throw PostgreSQLFailure(
                    DatabaseError(kind: .misuse, message: "a closure may not end its transaction", sql: query.text))
            }
            return answer
        }
    }
}
