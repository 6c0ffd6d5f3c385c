import CDatabase
import SQL

/// A failed call on a connection: what the caller is told, and what the retry loop needs to know.
struct PostgreSQLFailure: Error {
    let error: DatabaseError
    /// Meeting another transaction, or a connection that died, leaves nothing behind: the closure may run again.
    let mayRepeat: Bool
    /// Prepared statements no longer fit the schema (or a proxy has lost them).
    let spoilsStatements: Bool
    let lostConnection: Bool

    /// - Parameter result: nil when the server gave none.
    init(_ connection: OpaquePointer, _ result: OpaquePointer?, sql: String?) {
        lostConnection = PQstatus(connection) == CONNECTION_BAD
        let state = Self.field(result, "C") ?? ""
        mayRepeat = lostConnection || ["40001", "40P01", "23505", "0A000", "26000"].contains(state)
        // 0A000 "cached plan must not change result type", 26000 "prepared statement does not exist".
        spoilsStatements = ["0A000", "26000"].contains(state)
        error = DatabaseError(
            kind: Self.kind(state), message: "PostgreSQL \(state): \(Self.words(state, connection, result))", sql: sql)
    }

    init(_ error: DatabaseError, lostConnection: Bool = false) {
        self.error = error
        self.lostConnection = lostConnection
        mayRepeat = false
        spoilsStatements = false
    }

    /// By the classes of https://www.postgresql.org/docs/15/errcodes-appendix.html
    private static func kind(_ state: String) -> DatabaseError.Kind {
        switch state {
        case "40001", "40P01": return .contention
        case "XX001", "XX002": return .corrupt
        case "25P02": return .misuse
        default: break
        }
        switch state.prefix(2) {
        case "23": return .constraint
        case "", "08", "25", "28", "3D", "53", "55", "57", "58": return .unavailable
        default: return .misuse
        }
    }

    /// The server's words, unless they may quote a value: then the name of the constraint, or nothing more than the
    /// code tells.
    private static func words(_ state: String, _ connection: OpaquePointer, _ result: OpaquePointer?) -> String {
        switch state.prefix(2) {
        case "": String(cString: PQerrorMessage(connection)).split(separator: "\n").joined(separator: " ")
        case "08", "0A", "25", "26", "28", "3D", "40", "42", "53", "55", "57", "58": field(result, "M") ?? "failed"
        case "23":
            field(result, "n").map { "constraint \($0)" } ?? field(result, "c").map { "column \($0)" } ?? "failed"
        default: "the statement failed"
        }
    }

    /// A field of the error by its protocol letter (PG_DIAG_…, which are character macros):
    /// https://www.postgresql.org/docs/15/protocol-error-fields.html
    private static func field(_ result: OpaquePointer?, _ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }
}
