import CDatabase
import SQL

/// Why no connection came about, in one line that says what to do.
struct PostgreSQLRefusal: Error {
    let error: DatabaseError
    /// The server has no room for another connection; those that are open go on.
    let isFull: Bool

    init(_ words: String, isFull: Bool = false) {
        error = DatabaseError(kind: .unavailable, message: words)
        self.isFull = isFull
    }

    /// The server has not said a word in time.
    static func silent(_ connection: OpaquePointer) -> PostgreSQLRefusal {
        PostgreSQLRefusal("the PostgreSQL server \(place(connection)) does not answer")
    }

    /// Reads what libpq says of a connection that failed. It must have been asked to be verbose: the server may speak
    /// any language, but its codes are the same everywhere.
    init(failed connection: OpaquePointer) {
        let message = String(cString: PQerrorMessage(connection))
        let (state, words) = Self.answer(in: message)
        let role = PQuser(connection).map { String(cString: $0) } ?? ""
        let database = PQdb(connection).map { String(cString: $0) } ?? ""
        switch state {
        case "28P01":
            self.init("PostgreSQL refuses the role \"\(role)\": its name or its password in the address is wrong")
        case "28000":
            self.init(
                "PostgreSQL refuses the role \"\(role)\" (\(words)): create it with CREATE ROLE, "
                    + "or allow it to connect in pg_hba.conf")
        case "3D000":
            self.init(
                "the database \"\(database)\" does not exist: run CREATE DATABASE \"\(database)\" "
                    + "OWNER \"\(role)\" ENCODING 'UTF8' TEMPLATE template0, or correct the address")
        case "42501":
            self.init(
                "the role \"\(role)\" may not connect to the database \"\(database)\": "
                    + "run GRANT CONNECT ON DATABASE \"\(database)\" TO \"\(role)\"")
        case "53300":
            self.init(
                "PostgreSQL has no connection left: raise its max_connections, or lower pool_size in the address",
                isFull: true)
        case "57P03":
            self.init("PostgreSQL is starting or stopping: it is tried again")
        case "":
            self.init(local: message, connection)
        default:
            self.init("PostgreSQL \(state): \(words)", isFull: words.contains("no more connections allowed"))
        }
    }

    /// What libpq met before the server said anything.
    private init(local message: String, _ connection: OpaquePointer) {
        let words = message.split { $0.isWhitespace }.joined(separator: " ")
        let place = Self.place(connection)
        if PQconnectionNeedsPassword(connection) == 1 {
            self.init("PostgreSQL asks for a password: write it into the address, postgresql://USER:PASSWORD@HOST/…")
        } else if words.contains("translate host name") {
            self.init("the host of the PostgreSQL address is not known: correct its name (\(words))")
        } else if words.contains("certificate verify failed") || words.contains("does not match host name") {
            self.init(
                "the certificate of the PostgreSQL server \(place) is not trusted: name the one that signed it "
                    + "by sslrootcert in the address (\(words))")
        } else if words.contains("root certificate file") {
            self.init("sslrootcert in the PostgreSQL address names no file that can be read (\(words))")
        } else if words.contains("does not support SSL") {
            self.init(
                "the PostgreSQL server \(place) speaks no TLS: turn on ssl there, or lower sslmode in the address")
        } else if !words.hasPrefix("connection to server") {
            // libpq says so of all that it has met on its way to a server; it has not set out.
            self.init("a parameter of the PostgreSQL address is wrong, so no server was asked: correct it (\(words))")
        } else {
            self.init(
                "no PostgreSQL server answers \(place): start it, or correct host and port in the address (\(words))")
        }
    }

    /// `at db.example:5432`, `at /run/postgresql`.
    private static func place(_ connection: OpaquePointer) -> String {
        let host = PQhost(connection).map { String(cString: $0) } ?? ""
        let port = PQport(connection).map { String(cString: $0) } ?? ""
        return host.hasPrefix("/") ? "in \(host) (port \(port))" : "at \(host):\(port)"
    }

    /// The code and the words of the last answer in a verbose message: `FATAL:  28P01: password …`, then `LOCATION: …`.
    /// The first word is in the server's language.
    static func answer(in message: String) -> (state: String, words: String) {
        for line in message.split(separator: "\n").reversed() {
            var fields = line.split(separator: ":", omittingEmptySubsequences: false)[...]
            while let field = fields.popFirst() {
                let code = field.drop { $0 == " " }
                guard code.utf8.count == 5, field.hasPrefix("  "), code.utf8.allSatisfy(isOfCode) else { continue }
                return (String(code), fields.joined(separator: ":").drop { $0 == " " }.description)
            }
        }
        return ("", "")
    }

    private static func isOfCode(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
