import CDatabase
import SQL

/// A failed exchange: what the caller is told, and what the loop that repeats closures needs to know.
struct PostgreSQLFailure: Error {
    /// Why the same closure may be run again.
    enum Repetition {
        case never
        /// It met another transaction.
        case contention
        /// A unique key said no: at SERIALIZABLE that may be another transaction that this one could not see yet.
        case conflict
        /// Prepared statements no longer fit the schema.
        case statements
        /// The connection ended before COMMIT: nothing is left behind.
        case lostConnection
    }

    let error: DatabaseError
    /// The server's code; empty when it gave none.
    let state: String
    let repetition: Repetition
    /// The connection is of no more use.
    let isLost: Bool
    /// The server took no notice for longer than any statement may take: it has stopped, or cannot be reached.
    let isSilence: Bool

    /// - Parameter result: nil when the server gave none.
    init(_ connection: OpaquePointer, _ result: OpaquePointer?, sql: String?) {
        let state = Self.field(result, "C") ?? ""
        self.state = state
        isLost = PQstatus(connection) == CONNECTION_BAD || Self.endsConnection(state)
        isSilence = false
        repetition = isLost ? .lostConnection : Self.repetition(state)
        error = DatabaseError(
            kind: Self.kind(state),
            message: "PostgreSQL \(state): \(Self.words(state, connection, result))", sql: sql)
    }

    init(
        _ error: DatabaseError, repetition: Repetition = .never, isLost: Bool = false, isSilence: Bool = false
    ) {
        self.error = error
        state = ""
        self.repetition = repetition
        self.isLost = isLost
        self.isSilence = isSilence
    }

    /// The server ended the transaction because its program had stopped: before it heard of a COMMIT.
    var isOfStopped: Bool { state == Self.idleInTransaction }

    /// The same, of a connection that cannot go on.
    var lost: PostgreSQLFailure {
        PostgreSQLFailure(
            DatabaseError(kind: .unavailable, message: error.message, sql: error.sql), repetition: .lostConnection,
            isLost: true)
    }

    /// Not repeated: the caller has waited long enough.
    static var silence: PostgreSQLFailure {
        let words = "the PostgreSQL server does not answer"
        return PostgreSQLFailure(DatabaseError(kind: .unavailable, message: words), isLost: true, isSilence: true)
    }

    /// The connection ended between COMMIT and its answer. Running the closure again might do its work twice.
    static func unknownOutcome(isSilence: Bool) -> PostgreSQLFailure {
        let words = "the connection ended during COMMIT; whether it took effect is not known"
        return PostgreSQLFailure(
            DatabaseError(kind: .unavailable, message: words), isLost: true, isSilence: isSilence)
    }

    /// The server ends the connection itself: shut down by an administrator, crashed, idle for too long in a transaction.
    private static func endsConnection(_ state: String) -> Bool {
        state.hasPrefix("08") || ["57P01", "57P02", "57P03", idleInTransaction].contains(state)
    }

    private static let idleInTransaction = "25P03"

    private static func repetition(_ state: String) -> Repetition {
        switch state {
        case "40001", "40P01": .contention
        // "Unique violation"; "duplicate object" and "duplicate table", with which two meet who both make a table that
        // is not there yet, whatever IF NOT EXISTS says.
        case "23505", "42710", "42P07": .conflict
        // "cached plan must not change result type", "prepared statement does not exist".
        case "0A000", "26000": .statements
        default: .never
        }
    }

    /// By the classes of https://www.postgresql.org/docs/15/errcodes-appendix.html
    private static func kind(_ state: String) -> DatabaseError.Kind {
        switch state {
        case "40001", "40P01": return .contention
        case "XX001", "XX002": return .corrupt
        // A failed transaction; a file of an extension that is not installed.
        case "25P02", "58P01": return .misuse
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
