package import Core
package import SQL
import Synchronization

/// One database, SQLite or PostgreSQL, for every thread of the program.
///
/// Closures get a transaction and work on it alone: reading or writing through the database from inside one is an
/// error of kind `misuse` on both engines. What a write closure changes is durable when the call returns.
package final class Database: Sendable {
    package let location: DatabaseLocation
    /// From asking for a write to its commit, waiting for the turn among it.
    package let writeTimes = Histogram()
    /// What was asked of it since it was opened.
    package var asked: Tally.Count { driver.tally.count }
    let driver: any DatabaseDriver
    private let clock: any Clock
    private let listener = Mutex<(@Sendable (DatabaseError) -> Void)?>(nil)
    private let objection = Mutex<(@Sendable (any WriteTransaction) throws -> Void)?>(nil)

    /// Opens the file, or makes it, or reaches the server. Nothing in the schema is touched: see `migrate`.
    package init(
        _ location: DatabaseLocation, clock: any Clock, log: Log, options: DatabaseOptions = DatabaseOptions()
    ) throws(DatabaseError) {
        self.location = location
        self.clock = clock
        switch location {
        case .file(let path):
            driver = try SQLiteDatabase(path: path, clock: clock, log: log, options: options)
        case .server(let address):
            driver = try PostgreSQLDatabase(address: address, clock: clock, log: log, options: options)
        }
    }

    deinit { driver.abandon() }

    package var engine: Engine { location.engine }

    /// Runs `body` on a consistent view. Keep it under a second: a long one holds back the engine's cleaning.
    /// - Parameter prefix: SQLite refuses statements on other tables than those whose names begin so.
    @discardableResult
    package func read<T>(prefix: String? = nil, _ body: (any ReadTransaction) throws -> T) throws -> T {
        try ClosureMark.refuseInside("read")
        return try watched { try driver.read { try body($0.limited(toTables: prefix)) } }
    }

    /// Runs `body` as if it were alone in the database, and commits. It may run more than once
    /// (docs/decisions/0004-own-writer-thread.md).
    /// - Parameter prefix: SQLite refuses statements on other tables than those whose names begin so.
    @discardableResult
    package func write<T: Sendable>(
        prefix: String? = nil, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) throws -> T {
        try ClosureMark.refuseInside("write")
        let objection = objection.withLock { $0 }
        return try timed {
            try driver.write(.serializable) { tx in
                try objection?(tx)
                return try body(tx.limited(toTables: prefix))
            }
        }
    }

    /// Like `write`, but on PostgreSQL READ COMMITTED: for closures whose every statement is right by its own WHERE
    /// (claims, hand-over, results, statuses). SQLite knows one kind of write.
    @discardableResult
    package func writeBatch<T: Sendable>(
        _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) throws -> T {
        try ClosureMark.refuseInside("write")
        guard let objection = objection.withLock({ $0 }) else {
            return try timed { try driver.write(.readCommitted, body) }
        }
        return try timed {
            try driver.write(.readCommitted) { tx in
                try objection(tx)
                return try body(tx)
            }
        }
    }

    private func timed<T>(_ write: () throws -> T) rethrows -> T {
        let start = clock.sinceBoot()
        defer { writeTimes.observe(clock.sinceBoot() - start) }
        return try watched(write)
    }

    private func watched<T>(_ call: () throws -> T) rethrows -> T {
        do {
            return try call()
        } catch {
            if let error = error as? DatabaseError, error.kind == .unavailable || error.kind == .corrupt {
                listener.withLock { $0 }?(error)
            }
            throw error
        }
    }

    /// Has `heard` told of each call that came to nothing because the database is out of order, on the caller's
    /// thread. One listener at a time.
    package func onTrouble(_ heard: @escaping @Sendable (DatabaseError) -> Void) { listener.withLock { $0 = heard } }

    /// Has each later write ask first, in its own transaction, whether it may: what `object` throws, the write throws.
    package func beforeWrites(_ object: @escaping @Sendable (any WriteTransaction) throws -> Void) {
        objection.withLock { $0 = object }
    }

    /// Brings the schema up to date; see `MigrationRunner`.
    /// - Parameter program: this program's schema number; refused when the database asks for a newer one.
    package func migrate(_ series: [MigrationSeries], program: Int) throws(DatabaseError) {
        try MigrationRunner(driver: driver).run(series, program: program)
    }

    /// The clock that all nodes on this database share (`Engine.now`): for leases.
    package func now() throws -> Timestamp {
        try read { Timestamp(milliseconds: try $0.first("SELECT \(engine.now)")?.integer(0) ?? 0) }
    }

    /// Changes a row and commits: throws where nothing can be written, because the disk is full or the file read-only.
    package func tryWriting() throws {
        try writeBatch { tx in try tx.run("UPDATE schema_info SET changes = changes + 1 WHERE id = 1") }
    }

    /// How the engine stands: its version, and on SQLite whether the file is sound.
    /// - Parameter limit: how long the file's pages may be looked at; a large file takes longer.
    package func inspect(atMost limit: Timestamp.Span) throws -> DatabaseState { try driver.inspect(atMost: limit) }

    /// How many closures are queued: for SQLite's one writer, or on PostgreSQL for a connection.
    package var waitingWrites: Int { driver.waitingWrites }

    /// SQLite: moves what the log holds into the file, as far as readers allow. PostgreSQL looks after itself.
    package func checkpoint() throws(DatabaseError) { try driver.checkpoint() }

    /// Finishes what is queued and lets go of every connection; later calls are refused. May be called again.
    package func close() { driver.close() }
}
