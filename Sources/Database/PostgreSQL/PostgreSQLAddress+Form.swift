import SQL

extension PostgreSQLAddress {
    /// Refuses what libpq would read otherwise than it was meant, and then say aloud: a `/` in the password ends it, and
    /// what follows is taken for host, port and database; an `@` begins the host. Nothing of the address is quoted.
    static func checkForm(of address: String) throws(DatabaseError) {
        guard let scheme = address.firstRange(of: "://") else { return }
        let rest = address[scheme.upperBound...].prefix { $0 != "?" }
        let authority = rest.prefix { $0 != "/" }
        guard rest.count(where: { $0 == "@" }) < 2, rest.contains("@") == authority.contains("@") else {
            throw wrong("")
        }
        let hosts = authority.drop { $0 != "@" }.dropFirst()
        for host in (authority.contains("@") ? hosts : authority).split(separator: ",") {
            guard isNumber(port(of: host)) else {
                throw wrong("; the port behind the host is no number")
            }
        }
    }

    /// What stands behind the colon of `host:port` or `[address]:port`; empty where there is none.
    private static func port(of host: Substring) -> Substring {
        let name = host.hasPrefix("[") ? host.drop { $0 != "]" } : host
        return name.drop { $0 != ":" }.dropFirst()
    }

    private static func isNumber(_ port: Substring) -> Bool {
        port.isEmpty || UInt16(port).map { $0 > 0 } ?? false
    }

    private static func wrong(_ words: String) -> DatabaseError {
        DatabaseError(
            kind: .misuse,
            message: "the PostgreSQL address cannot be used: it reads \(example), "
                + "and in a user's name or password / is written %2F, @ is %40 and ? is %3F\(words)")
    }
}
