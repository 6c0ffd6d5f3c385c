/// SQL text with its values. Every interpolation becomes a bound `$n`; there is no way to paste a value.
///
///     "SELECT id FROM contacts WHERE phone = \(phone) AND \(filter)"   // filter: another Query, spliced in
///
/// Optional filters are composed from queries, never `$1 IS NULL OR …`.
package struct Query: Sendable, Hashable, ExpressibleByStringInterpolation {
    package enum Piece: Sendable, Hashable {
        case sql(String)
        case value(SQLValue)
    }

    package private(set) var pieces: [Piece]

    package init(stringLiteral value: String) { pieces = [.sql(value)] }
    package init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }
    private init(pieces: [Piece]) { self.pieces = pieces }

    /// The statement text, numbered `$1…$n` as both engines read it.
    package var text: String {
        // Bytes, not strings put together: bulk statements have thousands of places.
        var text: [UInt8] = []
        var count = 0
        for piece in pieces {
            switch piece {
            case .sql(let sql): text.append(contentsOf: sql.utf8)
            case .value:
                count += 1
                text.append(UInt8(ascii: "$"))
                text.append(contentsOf: String(count).utf8)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    package var values: [SQLValue] {
        pieces.compactMap { if case .value(let value) = $0 { value } else { nil } }
    }

    package static func + (a: Query, b: Query) -> Query { Query(pieces: a.pieces + b.pieces) }

    /// `a AND b AND …`; `1 = 1` for none.
    package static func all(_ conditions: [Query]) -> Query {
        conditions.isEmpty ? "1 = 1" : joined(conditions, " AND ")
    }

    /// The queries with `separator` between them, as in a list of values.
    package static func joined(_ queries: [Query], _ separator: StaticString) -> Query {
        var pieces: [Piece] = []
        for (index, query) in queries.enumerated() {
            if index > 0 { pieces.append(.sql("\(separator)")) }
            pieces += query.pieces
        }
        return Query(pieces: pieces)
    }

    /// `($1,$2),($3,$4)` for `VALUES`.
    package static func tuples(_ rows: some Collection<[SQLValue]>) -> Query {
        var pieces: [Piece] = []
        pieces.reserveCapacity(2 * rows.count * (rows.first?.count ?? 0) + 1)
        for values in rows {
            var separator = pieces.isEmpty ? "(" : "),("
            for value in values {
                pieces.append(.sql(separator))
                pieces.append(.value(value))
                separator = ","
            }
        }
        pieces.append(.sql(")"))
        return Query(pieces: pieces)
    }

    /// `($1, $2, …)` for `IN`; a list that matches nothing when empty.
    package static func list(_ values: [Int64]) -> Query {
        values.isEmpty ? "(NULL)" : "(" + joined(values.map { "\($0)" }, ", ") + ")"
    }
    package static func list(_ values: [String]) -> Query {
        values.isEmpty ? "(NULL)" : "(" + joined(values.map { "\($0)" }, ", ") + ")"
    }
}
