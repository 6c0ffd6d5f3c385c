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
            // Also where nothing is to be set: a proxy lets us in while the server behind it is silent.
            let settings = address.usesPgBouncer ? [] : [PostgreSQLRequest.command(PostgreSQLSettings.session)]
            let answers = try handle.exchange(
                settings + [.command("SELECT pg_backend_pid()")], patience: PostgreSQLHandle.patience)
            if !address.usesPgBouncer, Self.isElsewhere(answers.last, than: handle.serverProcess) {
                throw PostgreSQLFailure(DatabaseError(kind: .unavailable, message: Self.proxied))
            }
            self.handle = Mutex(handle)
        } catch {
            throw PostgreSQLRefusal(error.error.message)
        }
    }

    private static let proxied =
        "a proxy such as PgBouncer stands between this program and PostgreSQL: "
        + "add pgbouncer=true to the address, as in …/DATABASE?pgbouncer=true"

    /// Whether another process answers than the one that let us in: a proxy makes up a number of its own.
    private static func isElsewhere(_ answer: PostgreSQLAnswer?, than process: Int64) -> Bool {
        guard case .integer(let number)? = answer?.rows.first?.values.first else { return false }
        return number != process
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
