import CDatabase
import Core
import SQL

/// Opens connections by a libpq address.
enum PostgreSQLConnecting {
    /// Defaults stand before the address, so that what it says wins.
    static func connect(_ address: Secret) throws(DatabaseError) -> OpaquePointer {
        // libpq quotes an address that it cannot read, password and all: asked first, and only for yes or no.
        guard let options = PQconninfoParse(address.reveal(), nil) else {
            throw DatabaseError(kind: .misuse, message: "the PostgreSQL address cannot be read")
        }
        PQconninfoFree(options)
        let settings = [
            ("fallback_application_name", "cartwright"), ("connect_timeout", "5"), ("keepalives_idle", "30"),
            ("client_encoding", "UTF8"), ("tcp_user_timeout", "8000"), ("dbname", address.reveal()),
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
        guard PQserverVersion(connection) >= 150_000 else {
            PQfinish(connection)
            throw DatabaseError(kind: .unavailable, message: "PostgreSQL 15 or later is needed")
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
