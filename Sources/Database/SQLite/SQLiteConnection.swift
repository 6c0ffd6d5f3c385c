import CDatabase
import Core
import SQL
import Synchronization

/// One connection to the file. The lock makes each call whole; whose turn a transaction is, the owner decides.
final class SQLiteConnection: Sendable {
    enum Access { case write, read }

    private let handle: Mutex<SQLiteHandle?>

    /// - Parameter logLimit: bytes of the write-ahead log that stay when it starts anew.
    init(
        path: String, _ access: Access, pageLimit: Int? = nil, logLimit: Int = 0
    ) throws(DatabaseError) {
        handle = Mutex(try SQLiteHandle(path: path, readOnly: access == .read))
        if access == .write {
            // The first look into the file: what is wrong with it is said with its name.
            do throws(DatabaseError) {
                try control("PRAGMA journal_mode = WAL")
            } catch {
                throw error.about(path)
            }
            try control("PRAGMA synchronous = FULL")
            // A log that had to grow gives its room back when it starts anew.
            try control("PRAGMA journal_size_limit = \(logLimit)")
            if let pageLimit { try control("PRAGMA max_page_count = \(pageLimit)") }
        }
        try control("PRAGMA foreign_keys = ON")
        try control("PRAGMA trusted_schema = OFF")
        // LIKE then compares as PostgreSQL's does, and can use a binary index for a prefix.
        try control("PRAGMA case_sensitive_like = ON")
        try control("PRAGMA cache_size = -16384")
    }

    /// Lets go of the file now, whoever still holds this object.
    func close() { handle.withLock { $0 = nil } }

    /// How long a statement waits for another program's lock.
    func setPatience(milliseconds: Int32) { handle.withLock { $0?.setBusyTimeout(milliseconds: milliseconds) } }

    /// Whether the file lies no more where it was opened: what is written to it then is lost.
    var hasMoved: Bool { handle.withLock { $0?.hasMoved ?? false } }

    var isInTransaction: Bool { handle.withLock { $0?.isInTransaction ?? false } }
    var logFrames: Int { handle.withLock { $0?.logFrames ?? 0 } }

    func rows(_ query: Query, reach: StatementReach) throws(DatabaseError) -> [Row] {
        try handle.withLock { handle throws(DatabaseError) in
            guard let rows = try handle?.rows(query, reach: reach) else { throw .closed }
            return rows
        }
    }

    func run(_ query: Query, reach: StatementReach) throws(DatabaseError) -> Int {
        try handle.withLock { handle throws(DatabaseError) in
            guard let changed = try handle?.run(query, reach: reach) else { throw .closed }
            return changed
        }
    }

    /// Runs one of the engine's own statements.
    func control(_ sql: String) throws(DatabaseError) {
        _ = try rows(Query(stringLiteral: sql), reach: .control)
    }

    /// Ends a transaction without keeping it; does nothing when the engine has dropped it already.
    func rollBack() {
        // A ROLLBACK that fails has still ended the transaction: https://sqlite.org/lang_transaction.html
        if isInTransaction { try? control("ROLLBACK") }
    }

    /// Lets the engine give up whatever it is at from this time on (`SystemClock().sinceBoot()`).
    func giveUp(at end: Timestamp.Span) { handle.withLock { $0?.giveUp(at: end) } }

    /// Taken before the call that it is to end: during it the connection is locked.
    var interruption: SQLiteInterruption? { handle.withLock { $0?.interruption } }

    func checkpoint(_ mode: Int32, patience milliseconds: Int32) throws(DatabaseError) -> (logged: Int, moved: Int)? {
        try handle.withLock { handle throws(DatabaseError) in
            let patience = handle?.patience
            handle?.setBusyTimeout(milliseconds: milliseconds)
            defer { if let patience { handle?.setBusyTimeout(milliseconds: patience) } }
            return try handle?.checkpoint(mode) ?? nil
        }
    }
}
