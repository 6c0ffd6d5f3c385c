import Core
import Glibc
import SQL

/// The server, through a pool of connections: every closure on one of its own, on the caller's thread.
final class PostgreSQLDatabase: DatabaseDriver {
    let engine = Engine.postgresql
    private let clock: any Clock
    let address: Secret
    let log: Log
    private let pool: ConnectionPool<PostgreSQLConnection>
    /// Closures that keep meeting each other pass here one at a time.
    private let gate = Turnstile(width: 1, queue: .max)

    init(address: Secret, clock: any Clock, log: Log, options: DatabaseOptions) throws(DatabaseError) {
        self.clock = clock
        self.address = address
        self.log = log
        pool = ConnectionPool(limit: options.connections) { () throws(DatabaseError) in
            try PostgreSQLConnection(address: address)
        }
        // A wrong address stops the start, not the first request.
        pool.giveBack(try pool.take())
    }

    func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        let session = session("REPEATABLE READ READ ONLY")
        let scope = TransactionScope()
        defer { session.end() }
        return try scope.run(PostgreSQLTransaction(session, scope: scope)) { try body($0) }
    }

    func write<T: Sendable>(
        _ isolation: WriteIsolation, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) throws -> T {
        try repeating(opening: { session(isolation.sql) }, body)
    }

    /// READ COMMITTED: a step that waited for another process must see what that one did.
    func migrate<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
        let limits = ["SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = 0"]
        return try repeating(
            opening: { session(WriteIsolation.readCommitted.sql, settings: limits, patience: nil) }, body)
    }

    func migratingAlone(_ body: () throws -> Void) throws { try body() }
    func copyBeforeMigration() throws(DatabaseError) {}
    func checkpoint() throws(DatabaseError) {}
    func inspect(atMost limit: Timestamp.Span) throws -> DatabaseState {
        let version = try read { tx in try tx.first("SELECT current_setting('server_version')")?.text(0) ?? "" }
        return DatabaseState(engine: "PostgreSQL " + version, integrity: .notAsked, logBytes: nil)
    }

    var waitingWrites: Int { 0 }
    func close() { pool.close() }
    func abandon() { pool.close() }

    private func session(
        _ mode: String, settings: [String] = [], patience: Timestamp.Span? = PostgreSQLHandle.patience
    ) -> PostgreSQLSession {
        PostgreSQLSession(pool, opening: ["BEGIN ISOLATION LEVEL \(mode)"] + settings, patience: patience, log: log)
    }

    /// Runs a write closure until it has committed or may not run again.
    private func repeating<T>(
        opening session: () -> PostgreSQLSession, _ body: (any WriteTransaction) throws -> T
    ) throws -> T {
        var repeats = PostgreSQLRepeats(clock: clock)
        while true {
            let session = session()
            let scope = TransactionScope()
            do {
                let value =
                    repeats.runsAlone
                    ? try gate.pass { try once(body, in: session, scope) } : try once(body, in: session, scope)
                for wake in scope.wakes { wake() }
                return value
            } catch {
                guard let failure = session.failure else { throw error }
                guard repeats.mayRun(after: failure) else {
                    throw failure.repetition == .never ? error : failure.error
                }
            }
            usleep(repeats.pause())
        }
    }

    /// One run of a write closure up to its COMMIT.
    private func once<T>(
        _ body: (any WriteTransaction) throws -> T, in session: PostgreSQLSession, _ scope: TransactionScope
    ) throws -> T {
        defer { session.end() }
        let value = try scope.run(PostgreSQLTransaction(session, scope: scope)) { try body($0) }
        do throws(PostgreSQLFailure) { try session.commit() } catch { throw error.error }
        return value
    }
}
