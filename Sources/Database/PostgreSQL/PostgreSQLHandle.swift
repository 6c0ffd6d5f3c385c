import CDatabase
import Core
import SQL

/// An open connection to the server with its prepared statements; closed at the end of its life.
struct PostgreSQLHandle: ~Copyable {
    private let connection: OpaquePointer
    private var statements: [StatementKey: String] = [:]

    /// Composed filters make many texts; beyond this count all are dropped and the hot ones are prepared again.
    private static let mostStatements = 300

    private struct StatementKey: Hashable {
        let sql: String
        let types: [Oid]
    }

    init(address: Secret) throws(DatabaseError) { connection = try Self.connect(address) }

    /// Refuses old servers and sets what every session of ours relies on.
    func prepareSession() throws(PostgreSQLFailure) {
        guard PQserverVersion(connection) >= 150_000 else {
            throw PostgreSQLFailure(DatabaseError(kind: .unavailable, message: "PostgreSQL 15 or later is needed"))
        }
        // A statement that hangs must not hold a worker for ever; migrations lift the limits for themselves.
        try command(
            """
            SET client_encoding = 'UTF8'; SET bytea_output = 'hex'; SET TimeZone = 'UTC';
            SET statement_timeout = '30s'; SET lock_timeout = '10s';
            SET idle_in_transaction_session_timeout = '60s'
            """)
    }

    deinit { PQfinish(connection) }

    /// The transaction that a closure works in has ended under it.
    var isIdle: Bool { PQtransactionStatus(connection) == PQTRANS_IDLE }

    /// Runs statements without values, several if separated by semicolons.
    /// - Returns: the last one's command tag, such as `COMMIT`.
    @discardableResult
    func command(_ sql: String) throws(PostgreSQLFailure) -> String {
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        try check(result, sql)
        return PQcmdStatus(result).map { String(cString: $0) } ?? ""
    }

    /// - Returns: the rows of the result, and how many the statement changed.
    mutating func execute(_ query: Query) throws(PostgreSQLFailure) -> (rows: [Row], changed: Int) {
        let sql = query.text
        let values = query.values
        let arguments: PostgreSQLArguments
        do { arguments = try PostgreSQLArguments(values, sql) } catch { throw PostgreSQLFailure(error) }
        let name = try prepared(sql, arguments.types)
        let result = arguments.withPointers { pointers, lengths, formats in
            // Results come as text: one reader for every type, and hexadecimal for bytes.
            PQexecPrepared(connection, name, Int32(values.count), pointers, lengths, formats, 0)
        }
        defer { PQclear(result) }
        try check(result, sql)
        let rows = PostgreSQLResult.rows(of: result)
        // `PQcmdTuples` counts the rows of a SELECT too, and is empty for statements that change none.
        let tag = PQcmdStatus(result).map { String(cString: $0) } ?? ""
        let changed = tag.hasPrefix("SELECT") ? 0 : PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        return (rows, changed)
    }

    /// After the schema changed under prepared statements.
    mutating func forgetStatements() throws(PostgreSQLFailure) {
        statements.removeAll(keepingCapacity: true)
        try command("DEALLOCATE ALL")
    }

    private mutating func prepared(_ sql: String, _ types: [Oid]) throws(PostgreSQLFailure) -> String {
        let key = StatementKey(sql: sql, types: types)
        if let name = statements[key] { return name }
        if statements.count >= Self.mostStatements { try forgetStatements() }
        let name = "s\(statements.count)"
        let result = PQprepare(connection, name, sql, Int32(types.count), types)
        defer { PQclear(result) }
        try check(result, sql)
        statements[key] = name
        return name
    }

    private func check(_ result: OpaquePointer?, _ sql: String) throws(PostgreSQLFailure) {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default: throw PostgreSQLFailure(connection, result, sql: sql)
        }
    }

    /// Defaults stand before the address, so that what it says wins.
    private static func connect(_ address: Secret) throws(DatabaseError) -> OpaquePointer {
        // libpq quotes an address that it cannot read, password and all: asked first, and only for yes or no.
        guard let options = PQconninfoParse(address.reveal(), nil) else {
            throw DatabaseError(kind: .misuse, message: "the PostgreSQL address cannot be read")
        }
        PQconninfoFree(options)
        let settings = [
            ("fallback_application_name", "cartwright"), ("connect_timeout", "5"), ("keepalives_idle", "30"),
            ("tcp_user_timeout", "20000"), ("dbname", address.reveal()),
        ]
        let connection = withCStrings(settings.map(\.0)) { names in
            withCStrings(settings.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let connection else { throw DatabaseError(kind: .unavailable, message: "no memory for a connection") }
        cw_pg_silence(connection)
        guard PQstatus(connection) == CONNECTION_OK else {
            let words = String(cString: PQerrorMessage(connection)).split(separator: "\n").joined(separator: " ")
            PQfinish(connection)
            throw DatabaseError(kind: .unavailable, message: "PostgreSQL: \(words)")
        }
        return connection
    }

    /// Calls `body` with a null-terminated list of C strings.
    private static func withCStrings<T>(_ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> T) -> T {
        let bytes = texts.map { Array($0.utf8CString) }
        func with(_ rest: ArraySlice<[CChar]>, _ pointers: [UnsafePointer<CChar>?]) -> T {
            guard let first = rest.first else { return body(pointers + [nil]) }
            return first.withUnsafeBufferPointer { with(rest.dropFirst(), pointers + [$0.baseAddress]) }
        }
        return with(bytes[...], [])
    }
}
