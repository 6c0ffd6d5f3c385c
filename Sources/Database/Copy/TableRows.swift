package import SQL

/// Reads and writes whole rows of any table, in the order of its primary key.
package enum TableRows {
    /// What a page or a statement may hold: a table of large texts must not fill the memory.
    private static let mostBytes = 8 << 20
    /// Well under what the engines take (SQLite 32,766, PostgreSQL 65,535).
    private static let mostValues = 8000

    /// The rows after a key, their values in the order of `shape.columns`.
    ///
    /// - Parameters:
    ///   - key: that of the last row already seen; nil for the beginning.
    ///   - end: the last key that may be seen; nil for no end.
    ///   - limit: at most so many. There may be fewer where they are large; none means the end.
    ///   - linked: only those that refer to another row of the same table.
    package static func page(
        of shape: TableShape, after key: [SQLValue]? = nil, through end: [SQLValue]? = nil, limit: Int,
        linked: Bool = false, in tx: any ReadTransaction
    ) throws(DatabaseError) -> [Row] {
        guard !shape.key.isEmpty else {
            throw DatabaseError(kind: .schema, message: "\(shape.name) has no primary key to walk along")
        }
        var conditions: [Query] = []
        if let key { conditions.append("(" + names(shape.key) + ") > " + tuple(key)) }
        if let end { conditions.append("(" + names(shape.key) + ") <= " + tuple(end)) }
        if linked {
            conditions.append(
                "(" + Query.joined(shape.selfReferences.map { name($0) + " IS NOT NULL" }, " OR ") + ")")
        }
        let rest: Query = " FROM " + name(shape.name) + " WHERE " + .all(conditions) + " ORDER BY " + names(shape.key)
        let count = try fitting(shape, rest, limit: limit, in: tx)
        return count == 0 ? [] : try tx.rows("SELECT " + names(shape.columns.map(\.name)) + rest + " LIMIT \(count)")
    }

    /// All rows after a key, page by page; see `page`.
    package static func eachPage(
        of shape: TableShape, after key: [SQLValue]? = nil, through end: [SQLValue]? = nil, limit: Int = 1000,
        linked: Bool = false, in tx: any ReadTransaction, _ body: ([Row]) throws -> Void
    ) throws {
        var key = key
        while true {
            let rows = try page(of: shape, after: key, through: end, limit: limit, linked: linked, in: tx)
            guard let last = rows.last else { return }
            try body(rows)
            key = shape.key(of: last)
        }
    }

    /// Adds rows as `page` gives them. References to rows of the same table are left out: `link` adds them when all
    /// rows are there.
    package static func insert(
        _ rows: [Row], into shape: TableShape, in tx: any WriteTransaction
    ) throws(DatabaseError) {
        let unlinked = shape.selfReferences.compactMap(shape.place)
        let head: Query = "INSERT INTO " + name(shape.name) + " (" + names(shape.columns.map(\.name)) + ") VALUES "
        var statements: [Query] = []
        var start = 0
        while start < rows.count {
            let count = batch(of: rows[start...], shape)
            var tuples: [[SQLValue]] = []
            tuples.reserveCapacity(count)
            for row in rows[start..<start + count] {
                var values = row.values
                for place in unlinked { values[place] = .null(shape.columns[place].kind) }
                for (place, column) in shape.columns.enumerated() { try fit(&values[place], column, shape) }
                tuples.append(values)
            }
            statements.append(head + Query.tuples(tuples))
            start += count
        }
        try tx.runAll(statements)
    }

    /// Lets rows that are there refer to others of the same table, as `insert` left out.
    package static func link(
        _ rows: [Row], of shape: TableShape, in tx: any WriteTransaction
    ) throws(DatabaseError) {
        var updates: [Query] = []
        for row in rows {
            var values: [Query] = []
            for column in shape.selfReferences {
                guard let place = shape.place(of: column) else { continue }
                var value = row.values[place]
                try fit(&value, shape.columns[place], shape)
                values.append(name(column) + " = \(value)")
            }
            let key = zip(shape.key, shape.key(of: row)).map { name($0) + " = \($1)" }
            updates.append("UPDATE " + name(shape.name) + " SET " + Query.joined(values, ", ") + " WHERE " + .all(key))
        }
        try tx.runAll(updates)
    }

    /// Keeps everybody else from changing the tables until the transaction ends. On SQLite it does so anyway.
    package static func lock(_ shapes: [TableShape], in tx: any WriteTransaction) throws(DatabaseError) {
        guard tx.engine == .postgresql, !shapes.isEmpty else { return }
        // CockroachDB has no such statement.
        try tx.run("LOCK TABLE " + names(shapes.map(\.name)) + " IN SHARE MODE")
    }

    /// Takes all rows away.
    package static func removeAll(of shape: TableShape, in tx: any WriteTransaction) throws(DatabaseError) {
        try tx.run("DELETE FROM " + name(shape.name))
    }

    package static func count(of shape: TableShape, in tx: any ReadTransaction) throws(DatabaseError) -> Int {
        try tx.count("SELECT count(*) FROM " + name(shape.name))
    }

    /// How many of the next rows a page may hold; asked of the engine, which knows sizes without handing values out.
    private static func fitting(
        _ shape: TableShape, _ rest: Query, limit: Int, in tx: any ReadTransaction
    ) throws(DatabaseError) -> Int {
        let sizes = shape.columns.filter { $0.kind == .text || $0.kind == .bytes }.map { column -> Query in
            let column = name(column.name)
            // SQLite's `length` of a text stops at nothing but counts characters.
            return tx.engine.choose(
                sqlite: "coalesce(length(CAST(" + column + " AS BLOB)), 0)",
                postgresql: "coalesce(octet_length(" + column + "), 0)")
        }
        if sizes.isEmpty { return limit }
        var bytes = 0
        var count = 0
        for row in try tx.rows("SELECT " + Query.joined(sizes, " + ") + rest + " LIMIT \(limit)") {
            bytes += try row.int(0)
            if count > 0, bytes > mostBytes { break }
            count += 1
        }
        return count
    }

    /// How many of the rows go into one statement: a power of two, so that few different statements are compiled.
    private static func batch(of rows: ArraySlice<Row>, _ shape: TableShape) -> Int {
        let most = min(rows.count, max(mostValues / max(shape.columns.count, 1), 1))
        var bytes = 0
        var count = 0
        for row in rows.prefix(most) {
            for value in row.values { bytes += value.size }
            if count > 0, bytes > mostBytes { break }
            count += 1
        }
        return 1 << (Int.bitWidth - 1 - count.leadingZeroBitCount)
    }

    /// Makes the value what its column has: a null of the column's kind, a real of a whole number among reals.
    private static func fit(
        _ value: inout SQLValue, _ column: TableShape.Column, _ shape: TableShape
    ) throws(DatabaseError) {
        switch (value, column.kind) {
        case (.null, _): value = .null(column.kind)
        case (.integer, .integer), (.real, .real), (.text, .text), (.bytes, .bytes): break
        case (.integer(let number), .real): value = .real(Double(number))
        default:
            throw DatabaseError(
                kind: .unexpectedValue, message: "\(shape.name).\(column.name) holds a value that is no \(column.kind)")
        }
    }

    private static func name(_ name: String) -> Query { Query(stringLiteral: "\"\(name)\"") }
    private static func tuple(_ values: [SQLValue]) -> Query { "(" + .joined(values.map { "\($0)" }, ", ") + ")" }
    private static func names(_ names: [String]) -> Query { .joined(names.map(name), ", ") }
}

extension SQLValue {
    /// Its bytes, roughly.
    fileprivate var size: Int {
        switch self {
        case .null, .integer, .real: 8
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        }
    }
}
