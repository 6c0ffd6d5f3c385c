import Core
import Glibc
import SQL

/// The server, through a pool of connections: every closure on one of its own, on the caller's thread.
final class PostgreSQLDatabase: DatabaseDriver {
    let engine = Engine.postgresql
    private let log: Log
    private let pool: ConnectionPool<PostgreSQLConnection>

    /// A closure that keeps meeting others is given up after so many runs (docs/decisions/0002-two-engines.md).
    private static let mostRuns = 10

    init(address: Secret, clock: any Clock, log: Log, options: DatabaseOptions) throws(DatabaseError) {
        self.log = log
        pool = ConnectionPool(limit: options.connections) { () throws(DatabaseError) in
            try PostgreSQLConnection(address: address)
        }
        // A wrong address stops the start, not the first request.
        pool.giveBack(try pool.take())
    }

    func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        let connection = try begin("REPEATABLE READ READ ONLY")
        let scope = TransactionScope()
        defer { release(connection, scope) }
        return try scope.run(PostgreSQLTransaction(connection, scope: scope)) { try body($0) }
    }

    func write<T: Sendable>(
        _ isolation: WriteIsolation, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) throws -> T {
        var runs = 1
        while true {
            let connection = try begin(isolation.sql)
            let scope = TransactionScope()
            do {
                let value = try run(body, on: connection, scope)
                for wake in scope.wakes { wake() }
                return value
            } catch {
                guard scope.mayRepeat else { throw error }
                guard runs < Self.mostRuns else { throw scope.failure ?? error }
            }
            pause(afterRun: runs)
            runs += 1
        }
    }

    func migrate<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
        // READ COMMITTED: a step that waited for another process must see what that one did.
        try write(.readCommitted) { transaction in
            try transaction.run("SET LOCAL statement_timeout = 0")
            try transaction.run("SET LOCAL lock_timeout = 0")
            return try body(transaction)
        }
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

    /// One run of a write closure, from after its BEGIN to its COMMIT.
    private func run<T>(
        _ body: (any WriteTransaction) throws -> T, on connection: PostgreSQLConnection, _ scope: TransactionScope
    ) throws -> T {
        defer { release(connection, scope) }
        let value = try scope.run(PostgreSQLTransaction(connection, scope: scope)) { try body($0) }
        do {
            try connection.commit()
        } catch {
            if error.mayRepeat { scope.allowRepeat(forgettingStatements: error.spoilsStatements) }
            scope.fail(error.error)
            throw error.error
        }
        return value
    }

    /// A connection with an open transaction. One that died while it lay idle is replaced without the caller's notice.
    private func begin(_ mode: String) throws(DatabaseError) -> PostgreSQLConnection {
        var tries = 1
        while true {
            let connection = try pool.take()
            do {
                try connection.begin(mode)
                return connection
            } catch {
                pool.drop()
                guard error.lostConnection, tries < 3 else { throw error.error }
                log.info("database.reconnect")
                pool.dropIdle()
                tries += 1
            }
        }
    }

    private func release(_ connection: PostgreSQLConnection, _ scope: TransactionScope) {
        if connection.rollBack(forgettingStatements: scope.spoilsStatements) {
            pool.giveBack(connection)
        } else {
            pool.drop()
        }
    }

    /// Up to 2, 4, 8 … 64 ms, at random, so that those who met do not meet again.
    private func pause(afterRun run: Int) {
        usleep(UInt32.random(in: 0...(1000 << UInt32(min(run, 6)))))
    }
}
