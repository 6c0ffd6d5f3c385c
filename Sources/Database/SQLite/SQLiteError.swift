import CDatabase
import Glibc
import SQL

extension DatabaseError {
    /// Reads what the last call on `database` left behind.
    /// - Parameter isCompiling: then the engine's message speaks of the SQL alone. Later it may quote bound values
    ///   (FTS5, JSON), so only the code's own words are kept, and for a constraint the columns that it names.
    static func sqlite(_ database: OpaquePointer?, sql: String?, isCompiling: Bool = false) -> DatabaseError {
        let code = sqlite3_extended_errcode(database)
        let primary = code & 0xff
        var message = String(cString: sqlite3_errstr(code))
        if isCompiling || primary == SQLITE_CONSTRAINT { message = String(cString: sqlite3_errmsg(database)) }
        return DatabaseError(kind: kind(ofSQLite: primary), message: "SQLite \(code): \(message)", sql: sql)
    }

    /// What `errno` says about a file.
    static func system(_ path: String) -> DatabaseError {
        DatabaseError(kind: .unavailable, message: "\(path): \(String(cString: strerror(errno)))")
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
}
