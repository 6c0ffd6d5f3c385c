import CDatabase
import Core
import SQL
import Synchronization

/// One connection to the server, used by one thread at a time; the lock makes each call whole.
final class PostgreSQLConnection: Sendable {
    /// When it was opened, since boot.
    let opened: Timestamp.Span
    private let handle: Mutex<PostgreSQLHandle>

    init(_ address: PostgreSQLAddress, clock: any Clock) throws(PostgreSQLRefusal) {
        opened = clock.sinceBoot()
        let connection = try PostgreSQLConnecting.connect(address.libpq)
        do throws(PostgreSQLFailure) {
            var handle = try PostgreSQLHandle(connection, namesStatements: !address.usesPgBouncer)
            if !address.usesPgBouncer {
                _ = try handle.exchange([.command(PostgreSQLSettings.session)], patience: PostgreSQLHandle.patience)
            }
            self.handle = Mutex(handle)
        } catch {
            throw PostgreSQLRefusal(error.error.message)
        }
    }

    /// No transaction is open.
    var isIdle: Bool { handle.withLock { $0.isIdle } }
    var looksAlive: Bool { handle.withLock { $0.looksAlive() } }

    func exchange(
        _ requests: [PostgreSQLRequest], patience: Timestamp.Span?
    ) throws(PostgreSQLFailure) -> [PostgreSQLAnswer] {
        try handle.withLock { handle throws(PostgreSQLFailure) in try handle.exchange(requests, patience: patience) }
    }

    /// Waits until somebody announces something.
    /// - Parameter wake: a file that ends the waiting when it can be read.
    /// - Returns: the payloads; nil when woken.
    func announcements(or wake: Int32) throws(PostgreSQLFailure) -> [String]? {
        try handle.withLock { handle throws(PostgreSQLFailure) in try handle.announcements(or: wake) }
    }

    /// Ends whatever is open and makes the connection fit for the next user.
    /// - Returns: false when it is of no more use.
    func end(forgettingStatements: Bool) -> Bool {
        handle.withLock { handle in
            guard !handle.isBroken else { return false }
            do throws(PostgreSQLFailure) {
                if !handle.isIdle { try handle.rollBack() }
                if forgettingStatements { try handle.forgetStatements(patience: PostgreSQLHandle.patience) }
                return true
            } catch {
                return false
            }
        }
    }
}
