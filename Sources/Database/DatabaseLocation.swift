package import Core
package import SQL

/// Where the data lives: a SQLite file or a PostgreSQL database.
package enum DatabaseLocation: Sendable, Equatable, CustomStringConvertible {
    /// The path of a SQLite file; made when it does not exist.
    case file(String)
    /// A libpq address, `postgres://…` or `postgresql://…`, that may also say `pool_size=N` and `pgbouncer=true`
    /// (`PostgreSQLAddress`). It may hold a password.
    case server(Secret)

    /// Reads the form of `--database`. Another scheme than PostgreSQL's, and libpq's `name=value`, are refused, not taken
    /// for a file's name.
    package init(parsing text: String) throws(DatabaseError) {
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            try PostgreSQLAddress.checkForm(of: text)
            self = .server(Secret(text))
        } else if text.isEmpty || text.contains("://") || text.utf8.contains(0) {
            throw DatabaseError(
                kind: .misuse, message: "the database is a file's path or a postgresql:// address, nothing else")
        } else if PostgreSQLAddress.isWords(text) {
            throw DatabaseError(
                kind: .misuse,
                message: "the database is written as libpq's words: write \(PostgreSQLAddress.example) instead, "
                    + "or ./ before the name of a file")
        } else {
            self = .file(text)
        }
    }

    package var engine: Engine {
        switch self {
        case .file: .sqlite
        case .server: .postgresql
        }
    }

    package var description: String {
        switch self {
        case .file(let path): path
        case .server: "the PostgreSQL server"
        }
    }

    /// Which database it is, without anything that may be secret: of a server's address neither the password nor what
    /// stands behind the question mark.
    package var address: String {
        guard case .server(let secret) = self else { return description }
        let text = secret.reveal()
        guard let scheme = text.firstRange(of: "://") else { return description }
        let rest = text[scheme.upperBound...]
        // As libpq reads it: a name and a password stand before an @ that no slash precedes.
        guard let at = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[at] == "@" else {
            return String(text.prefix { $0 != "?" })
        }
        let (user, place) = (rest[..<at].prefix { $0 != ":" }, rest[at...].prefix { $0 != "?" })
        return "\(text[..<scheme.upperBound])\(user)\(place)"
    }
}
