import CDatabase
import Core
import Glibc

/// Opens connections, and refuses servers that we cannot work on.
enum PostgreSQLConnecting {
    /// - Throws: `PostgreSQLRefusal`, its words without what the address holds in secret.
    static func connect(_ address: Secret) throws(PostgreSQLRefusal) -> OpaquePointer {
        // Defaults stand before the address, so that what it says wins.
        let settings = [
            ("fallback_application_name", "cartwright"), ("client_encoding", "UTF8"), ("connect_timeout", "5"),
            ("tcp_user_timeout", "4500"), ("keepalives_idle", "15"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"), ("dbname", address.reveal()),
        ]
        let started = withCStrings(settings.map(\.0)) { names in
            withCStrings(settings.map(\.1)) { values in PQconnectStartParams(names, values, 1) }
        }
        guard let connection = started else { throw PostgreSQLRefusal("no memory for a connection") }
        do throws(PostgreSQLRefusal) {
            cw_pg_silence(connection)
            _ = PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
            try finish(connection)
            _ = PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
            try check(connection)
            return connection
        } catch {
            PQfinish(connection)
            throw error
        }
    }

    /// Goes through the steps of connecting, in none of which the server may be silent for `connect_timeout`.
    private static func finish(_ connection: OpaquePointer) throws(PostgreSQLRefusal) {
        let patience = patience(connection)
        var status = PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            guard status != PGRES_POLLING_FAILED else { throw PostgreSQLRefusal(failed: connection) }
            let events = status == PGRES_POLLING_WRITING ? POLLOUT : POLLIN
            var socket = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
            let ready = poll(&socket, 1, patience)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { throw .silent(connection) }
            status = PQconnectPoll(connection)
        }
    }

    /// `connect_timeout` in milliseconds, as the address has it or as it is by default.
    private static func patience(_ connection: OpaquePointer) -> Int32 {
        guard let list = PQconninfo(connection) else { return 5000 }
        defer { PQconninfoFree(list) }
        var option = list
        while let name = option.pointee.keyword {
            if String(cString: name) == "connect_timeout", let value = option.pointee.val {
                return Int32(String(cString: value)).flatMap { $0 > 0 ? min($0, 60) * 1000 : nil } ?? 5000
            }
            option += 1
        }
        return 5000
    }

    private static func check(_ connection: OpaquePointer) throws(PostgreSQLRefusal) {
        if let words = objection(
            version: PQserverVersion(connection), said: parameter("server_version", connection),
            cockroach: parameter("crdb_version", connection), encoding: parameter("server_encoding", connection),
            isStandby: parameter("in_hot_standby", connection) == "on",
            isReadOnly: parameter("default_transaction_read_only", connection) == "on")
        {
            throw PostgreSQLRefusal(words)
        }
    }

    /// What speaks against a server, if anything does.
    /// - Parameters:
    ///   - version: as libpq numbers them, 150008 for 15.8. CockroachDB names one of PostgreSQL's, 13 or 18 by its own
    ///     release, so it says nothing of that engine.
    ///   - said: the version in the server's words: YugabyteDB puts its own behind PostgreSQL's, `15.12-YB-2025.1.0.0-b0`.
    ///   - cockroach: what CockroachDB alone reports (https://github.com/cockroachdb/cockroach/pull/14145).
    ///   - encoding: nil where a proxy does not tell.
    static func objection(
        version: Int32, said: String? = nil, cockroach: String? = nil, encoding: String?, isStandby: Bool,
        isReadOnly: Bool
    ) -> String? {
        if cockroach != nil {
            return "this is CockroachDB, which does not take our tables as they are: use PostgreSQL 15 or later"
        }
        if version < 150_000 {
            let name = said?.contains("-YB-") == true ? "a YugabyteDB on PostgreSQL" : "PostgreSQL"
            return "\(name) \(version / 10_000) is too old: 15 or later is needed"
        }
        if let encoding, encoding != "UTF8" {
            return "the database has the encoding \(encoding): "
                + "make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        }
        if isStandby {
            return "the PostgreSQL server is a standby that can only be read: put the primary's host into the address"
        }
        if isReadOnly {
            return "the database can only be read: default_transaction_read_only is on for it or for the role"
        }
        return nil
    }

    private static func parameter(_ name: String, _ connection: OpaquePointer) -> String? {
        PQparameterStatus(connection, name).map { String(cString: $0) }
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
