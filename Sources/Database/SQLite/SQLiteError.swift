import CDatabase
import Glibc
import SQL

extension DatabaseError {
    /// Reads what the last call on `database` left behind.
    /// - Parameter isCompiling: then the engine's message speaks of the SQL alone. Later it may quote bound values
    ///   (FTS5, JSON), so only the code's own words are kept, and for a constraint the columns that it names.
    static func sqlite(_ database: OpaquePointer?, sql: String?, isCompiling: Bool = false) -> DatabaseError {
        // Set by the very call of the system that failed, if one did. `sqlite3_system_errno` is not told by a statement.
        let system = errno
        let code = sqlite3_extended_errcode(database)
        let primary = code & 0xff
        var message = String(cString: sqlite3_errstr(code))
        if isCompiling || primary == SQLITE_CONSTRAINT { message = String(cString: sqlite3_errmsg(database)) }
        return DatabaseError(
            kind: kind(ofSQLite: primary), message: "SQLite \(code): \(message)", sql: sql,
            trouble: trouble(ofSQLite: primary, system))
    }

    /// What `errno` says about a file.
    static func system(_ path: String) -> DatabaseError {
        let code = errno
        return DatabaseError(
            kind: .unavailable, message: "\(path): \(String(cString: strerror(code)))", trouble: trouble(ofSystem: code)
        )
    }

    /// The same error, naming the file that it is about.
    func about(_ path: String) -> DatabaseError {
        DatabaseError(kind: kind, message: "\(path): \(message)", sql: sql, trouble: trouble)
    }

    private static func kind(ofSQLite primary: Int32) -> Kind {
        switch primary {
        case SQLITE_CONSTRAINT: .constraint
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_NOMEM,
            SQLITE_PROTOCOL, SQLITE_INTERRUPT, SQLITE_PERM, SQLITE_NOLFS:
            .unavailable
        default: .misuse
        }
    }

    /// - Parameter system: what `errno` says after the call.
    private static func trouble(ofSQLite primary: Int32, _ system: Int32) -> DatabaseTrouble? {
        switch primary {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .busy
        case SQLITE_FULL: .full
        case SQLITE_READONLY, SQLITE_PERM: .readOnly
        case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
        case SQLITE_IOERR: trouble(ofSystem: system).flatMap { $0 == .gone ? nil : $0 } ?? .failing
        case SQLITE_CANTOPEN: trouble(ofSystem: system) ?? .failing
        default: nil
        }
    }

    private static func trouble(ofSystem code: Int32) -> DatabaseTrouble? {
        switch code {
        // EFBIG: the process may not make a file as large as that.
        case ENOSPC, EDQUOT, EFBIG: .full
        case EROFS, EPERM, EACCES: .readOnly
        case ENOENT, ENOTDIR, ESTALE: .gone
        case EIO: .failing
        default: nil
        }
    }
}
