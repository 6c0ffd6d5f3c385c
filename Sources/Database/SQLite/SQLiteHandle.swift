import CDatabase
import Core
import SQL

/// An open SQLite connection with its compiled statements; closed at the end of its life.
struct SQLiteHandle: ~Copyable {
    private struct Key: Hashable {
        let sql: String
        let reach: StatementReach
    }

    private let database: OpaquePointer
    private let gate = Gate()
    private var statements: [Key: OpaquePointer] = [:]
    /// How long a statement waits for another program's lock (ms).
    private(set) var patience: Int32 = 10_000

    /// Composed filters make many texts; beyond this count all are dropped and the hot ones compile again.
    private static let mostStatements = 300

    init(path: String, readOnly: Bool) throws(DatabaseError) {
        var opened: OpaquePointer?
        // NOMUTEX: the connection's owner holds a lock around each call.
        let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened, code == SQLITE_OK, cw_sqlite_harden(opened) == SQLITE_OK else {
            let error = DatabaseError.sqlite(opened, sql: nil, isCompiling: true)
            sqlite3_close_v2(opened)
            throw error.about(path)
        }
        // The engine opens what it may not write for reading, and would say so only at the first change.
        guard readOnly || sqlite3_db_readonly(opened, "main") == 0 else {
            sqlite3_close_v2(opened)
            throw DatabaseError(
                kind: .unavailable, message: "\(path): the file may not be written", trouble: .readOnly)
        }
        database = opened
        sqlite3_busy_timeout(database, patience)
        sqlite3_set_authorizer(
            database,
            { context, action, first, second, _, _ in
                guard let context else { return SQLITE_DENY }
                let gate = Unmanaged<Gate>.fromOpaque(context).takeUnretainedValue()
                let isAllowed = gate.reach.allows(
                    action, first.map { String(cString: $0) } ?? "", second.map { String(cString: $0) } ?? "")
                return isAllowed ? SQLITE_OK : SQLITE_DENY
            }, Unmanaged.passUnretained(gate).toOpaque())
        // Also ends SQLite's own checkpoints, which are a hook too (https://sqlite.org/c3ref/wal_hook.html): that work
        // is the checkpoint thread's, off the writer's path.
        sqlite3_wal_hook(
            database,
            { context, _, _, frames in
                guard let context else { return SQLITE_OK }
                Unmanaged<Gate>.fromOpaque(context).takeUnretainedValue().logFrames = Int(frames)
                return SQLITE_OK
            }, Unmanaged.passUnretained(gate).toOpaque())
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(database)
    }

    var isInTransaction: Bool { sqlite3_get_autocommit(database) == 0 }

    /// Pages in the write-ahead log after this connection's last commit.
    var logFrames: Int { gate.logFrames }

    mutating func rows(_ query: Query, reach: StatementReach) throws(DatabaseError) -> [Row] {
        let sql = query.text
        let statement = try bound(query, sql, reach)
        // Errors of reset repeat those of step.
        defer { release(statement) }
        let columns = sqlite3_column_count(statement)
        var rows: [Row] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append(Row((0..<columns).map { Self.value(statement, $0) }))
            case SQLITE_DONE: return rows
            default: throw .sqlite(database, sql: sql)
            }
        }
    }

    /// - Returns: how many rows the statement itself changed, without those of foreign key actions.
    mutating func run(_ query: Query, reach: StatementReach) throws(DatabaseError) -> Int {
        let sql = query.text
        let statement = try bound(query, sql, reach)
        defer { release(statement) }
        // sqlite3_changes keeps its figure over statements that change nothing.
        let before = sqlite3_total_changes64(database)
        var code = SQLITE_ROW
        while code == SQLITE_ROW { code = sqlite3_step(statement) }
        guard code == SQLITE_DONE else { throw .sqlite(database, sql: sql) }
        return sqlite3_total_changes64(database) == before ? 0 : Int(sqlite3_changes64(database))
    }

    /// - Parameter mode: `SQLITE_CHECKPOINT_PASSIVE` and its kin.
    /// - Returns: the pages in the log and how many of them are now in the file; nil when another was in the way.
    mutating func checkpoint(_ mode: Int32) throws(DatabaseError) -> (logged: Int, moved: Int)? {
        var logged: Int32 = 0
        var moved: Int32 = 0
        switch sqlite3_wal_checkpoint_v2(database, nil, mode, &logged, &moved) {
        case SQLITE_OK: return (Int(logged), Int(moved))
        case SQLITE_BUSY: return nil
        default: throw .sqlite(database, sql: nil)
        }
    }

    /// Lets the engine give up what it is at once this time has passed (`SystemClock().sinceBoot()`).
    func giveUp(at end: Timestamp.Span) {
        gate.end = end
        sqlite3_progress_handler(
            database, 1000,
            { context in
                guard let context, let end = Unmanaged<Gate>.fromOpaque(context).takeUnretainedValue().end else {
                    return 0
                }
                return SystemClock().sinceBoot() >= end ? 1 : 0
            }, Unmanaged.passUnretained(gate).toOpaque())
    }

    /// For another thread, while this one is inside a call: ends that call.
    var interruption: SQLiteInterruption { SQLiteInterruption(database: database) }

    mutating func setBusyTimeout(milliseconds: Int32) {
        guard milliseconds != patience else { return }
        patience = milliseconds
        sqlite3_busy_timeout(database, milliseconds)
    }

    /// Whether another file, or none, lies where this one was opened.
    var hasMoved: Bool {
        var moved: Int32 = 0
        sqlite3_file_control(database, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
        return moved != 0
    }

    private mutating func bound(
        _ query: Query, _ sql: String, _ reach: StatementReach
    ) throws(DatabaseError) -> OpaquePointer {
        let statement = try compiled(sql, reach)
        // SQLite compiles again by itself when the schema has changed, and then asks the gate again.
        gate.reach = reach
        for (index, value) in query.values.enumerated() {
            let code = try Self.bind(value, to: statement, Int32(index + 1), sql)
            guard code == SQLITE_OK else {
                release(statement)
                throw .sqlite(database, sql: sql)
            }
        }
        return statement
    }

    private mutating func compiled(_ sql: String, _ reach: StatementReach) throws(DatabaseError) -> OpaquePointer {
        let key = Key(sql: sql, reach: reach)
        if let statement = statements[key] { return statement }
        gate.reach = reach
        var compiled: OpaquePointer?
        var hasMore = false
        var text = sql
        let code = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                var tail: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v3(
                    database, characters.baseAddress, Int32(characters.count), UInt32(SQLITE_PREPARE_PERSISTENT),
                    &compiled, &tail)
                if let start = characters.baseAddress, let tail {
                    hasMore = characters[(tail - start)...].contains { $0 > 0x20 && $0 != CChar(UInt8(ascii: ";")) }
                }
                return code
            }
        }
        guard code == SQLITE_OK else { throw .sqlite(database, sql: sql, isCompiling: true) }
        guard let compiled, !hasMore else {
            sqlite3_finalize(compiled)
            throw DatabaseError(kind: .misuse, message: "a query is exactly one statement", sql: sql)
        }
        if statements.count >= Self.mostStatements {
            for statement in statements.values { sqlite3_finalize(statement) }
            statements.removeAll(keepingCapacity: true)
        }
        statements[key] = compiled
        return compiled
    }

    private func release(_ statement: OpaquePointer) {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }
}

/// Ends what a connection is at. Only for as long as the connection is open.
struct SQLiteInterruption: @unchecked Sendable {
    // Unchecked holds because sqlite3_interrupt is made to be called from other threads.
    fileprivate let database: OpaquePointer

    func callAsFunction() { sqlite3_interrupt(database) }
}

/// What the engine's callbacks need of their connection; touched only inside calls on it.
private final class Gate {
    var reach = StatementReach.control
    var logFrames = 0
    /// When to give up; nil for never.
    var end: Timestamp.Span?
}

extension SQLiteHandle {
    private static func bind(
        _ value: SQLValue, to statement: OpaquePointer, _ index: Int32, _ sql: String
    ) throws(DatabaseError) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let number): return sqlite3_bind_int64(statement, index, number)
        case .real(let number): return sqlite3_bind_double(statement, index, number)
        case .bytes(let bytes):
            return bytes.withUnsafeBytes {
                cw_sqlite_bind_bytes(statement, index, $0.baseAddress, sqlite3_uint64($0.count))
            }
        case .text(var text):
            try SQLValue.refuseNUL(in: text, sql)
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) {
                    cw_sqlite_bind_text(statement, index, $0.baseAddress, sqlite3_uint64($0.count))
                }
            }
        }
    }

    /// Null has no kind of its own in a result; it comes out as `.null(.text)` on both engines.
    private static func value(_ statement: OpaquePointer, _ column: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            // Ask for the pointer first: the call may convert, and so change the length.
            let start = sqlite3_column_text(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            return .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null(.text)
        }
    }
}
