import SQL

/// One message to the server.
enum PostgreSQLRequest: Sendable {
    /// A fixed statement without values that is not worth preparing.
    case command(String)
    case query(Query)

    var sql: String {
        switch self {
        case .command(let sql): sql
        case .query(let query): query.text
        }
    }

    var values: [SQLValue] {
        switch self {
        case .command: []
        case .query(let query): query.values
        }
    }
}

/// What the server said to one request.
struct PostgreSQLAnswer: Sendable {
    let rows: [Row]
    /// How many rows the statement changed.
    let changed: Int
    /// Such as `COMMIT` or `INSERT 0 1`.
    let tag: String
}
