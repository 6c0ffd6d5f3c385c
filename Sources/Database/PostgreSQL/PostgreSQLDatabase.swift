import Core
import Glibc
import SQL
import Synchronization

/// The server, through a pool of connections: every closure on one of its own, on the caller's thread.
final class PostgreSQLDatabase: DatabaseDriver {
    let engine = Engine.postgresql
    let tally = Tally()
    private let clock: any Clock
    private let log: Log
    private let address: PostgreSQLAddress
    private let pool: PostgreSQLPool
    /// Closures that keep meeting each other pass here one at a time.
    private let gate = Turnstile(width: 1, queue: .max)
    /// For work that takes as long as it takes.
    private static let withoutLimits = [
        "SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = 0",
        "SET LOCAL idle_in_transaction_session_timeout = 0",
    ]
    /// Set when the server turned out to have no NOTIFY.
    private let isMute = Mutex(false)
    private let migrationLease: Timestamp.Span

    init(address: Secret, clock: any Clock, log: Log, options: DatabaseOptions) throws(DatabaseError) {
        self.clock = clock
        self.log = log
        migrationLease = options.migrationLease
        let parsed = try PostgreSQLAddress(parsing: address)
        self.address = parsed
        pool = PostgreSQLPool(parsed, limit: parsed.poolSize ?? options.connections, clock: clock, log: log)
        // A wrong address stops the start, not the first request.
        pool.giveBack(try pool.take())
    }

    func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        let session = session("REPEATABLE READ READ ONLY")
        let scope = TransactionScope(tally)
        defer { session.end() }
        return try scope.run(PostgreSQLTransaction(session, scope: scope)) { try body($0) }
    }

    /// On a pool of its own: those who serve must not find theirs short for minutes.
    func snapshot<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        let pool = PostgreSQLPool(address, limit: 1, clock: clock, log: log)
        defer { pool.close() }
        let session = session("REPEATABLE READ READ ONLY", on: pool, settings: Self.withoutLimits, patience: nil)
        let scope = TransactionScope(tally)
        defer { session.end() }
        return try scope.run(PostgreSQLTransaction(session, scope: scope), marked: false) { try body($0) }
    }

    func write<T: Sendable>(
        _ isolation: WriteIsolation, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) throws -> T {
        try repeating(
            opening: { repeats in
                let limit = repeats.wasSlow ? PostgreSQLSettings.lettingGoLate : PostgreSQLSettings.lettingGoSoon
                return session(isolation.sql, settings: [limit])
            }, body)
    }

    /// READ COMMITTED: a step that waited for another process must see what that one did.
    func migrate<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
        // But a program that was stopped or cut off in the middle of a step keeps its rows no longer than this.
        let settings = Self.withoutLimits + ["SET LOCAL idle_in_transaction_session_timeout = '30s'"]
        return try repeating(
            opening: { _ in session(WriteIsolation.readCommitted.sql, settings: settings, patience: nil) }
        ) {
            try PostgreSQLExtensions.requireSchema(in: $0)
            return try body($0)
        }
    }

    func announce(_ topics: Set<String>) throws {
        guard !isMute.withLock({ $0 }) else { return }
        let session = session(WriteIsolation.readCommitted.sql)
        defer { session.end() }
        do throws(PostgreSQLFailure) {
            _ = try session.execute(PostgreSQLListener.announcements(topics))
            try session.commit()
        } catch {
            guard PostgreSQLListener.isUnsupported(error.state) else { throw error.error }
            isMute.withLock { $0 = true }
            log.warning("database.notify-unsupported", ["error": .error(error.error)])
        }
    }

    func listen(_ heard: @escaping @Sendable (String) -> Void) -> ListenHandle? {
        if address.usesPgBouncer { return nil }
        return PostgreSQLListener.start(address, clock: clock, log: log, heard: heard)
    }

    func requireExtension(_ name: String) throws(DatabaseError) {
        guard !name.isEmpty,
            name.utf8.allSatisfy({ $0 == 0x5f || (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) })
        else { throw DatabaseError(kind: .misuse, message: "no extension has such a name") }
        do {
            if try read({ try PostgreSQLExtensions.isThere(name, in: $0) }) { return }
            try migrate { try PostgreSQLExtensions.create(name, in: $0) }
        } catch let error as DatabaseError where error.kind != .unavailable {
            throw PostgreSQLExtensions.missing(name, because: error)
        } catch let error as DatabaseError {
            throw error
        } catch {
            throw DatabaseError(kind: .schema, message: "\(error)")
        }
    }

    func migratingAlone(_ body: () throws -> Void) throws {
        try MigrationLease(driver: self, span: migrationLease, log: log).hold(body)
    }

    func copyBeforeMigration() throws(DatabaseError) {}
    func checkpoint() throws(DatabaseError) {}
    func inspect(atMost limit: Timestamp.Span) throws -> DatabaseState {
        let version = try read { tx in try tx.first("SELECT current_setting('server_version')")?.text(0) ?? "" }
        return DatabaseState(engine: "PostgreSQL " + version, integrity: .notAsked, logBytes: nil)
    }

    var waitingWrites: Int { pool.waiting }
    func close() { pool.close() }
    func abandon() { pool.close() }

    private func session(
        _ mode: String, on pool: PostgreSQLPool? = nil, settings: [String] = [],
        patience: Timestamp.Span? = PostgreSQLHandle.patience
    ) -> PostgreSQLSession {
        let ours = address.usesPgBouncer ? [PostgreSQLSettings.transaction(address.settings)] : []
        return PostgreSQLSession(
            pool ?? self.pool, opening: ["BEGIN ISOLATION LEVEL \(mode)"] + ours + settings, patience: patience,
            log: log)
    }

    /// Runs a write closure until it has committed or may not run again.
    private func repeating<T>(
        opening session: (PostgreSQLRepeats) -> PostgreSQLSession, _ body: (any WriteTransaction) throws -> T
    ) throws -> T {
        var repeats = PostgreSQLRepeats(clock: clock)
        while true {
            let session = session(repeats)
            let scope = TransactionScope(tally)
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
