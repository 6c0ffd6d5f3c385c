import Core
import Crypto
package import Database
package import SQL
import Text

/// What a table holds, in a few bytes: the number of its rows and the SHA-256 of their lines (`PortableRow`) in the
/// order of the key. Two tables with the same digest hold the same, whichever engines they are on.
package struct TableDigest: Sendable, Equatable {
    package let rows: Int
    /// 64 hexadecimal digits.
    package let sha256: String

    package init(rows: Int, sha256: String) {
        self.rows = rows
        self.sha256 = sha256
    }

    /// Reads the whole table.
    /// - Parameters:
    ///   - end: the last key that counts; nil for all rows.
    ///   - progress: told after each page how many rows it had; what it throws ends the reading.
    package static func of(
        _ shape: TableShape, through end: [SQLValue]? = nil, in tx: any ReadTransaction,
        progress: (Int) throws -> Void = { _ in }
    ) throws -> TableDigest {
        var digest = Running()
        var key: [SQLValue]?
        while true {
            let rows = try TableRows.page(of: shape, after: key, through: end, limit: 1000, in: tx)
            guard let last = rows.last else { return digest.finish() }
            try digest.add(rows)
            key = shape.key(of: last)
            try progress(rows.count)
        }
    }

    /// A digest under way, for rows or lines that come in pieces.
    package struct Running: ~Copyable {
        private var rows = 0
        private var hash = SHA256()

        package init() {}

        package mutating func add(_ rows: [Row]) throws {
            var json = JSONWriter()
            for row in rows { try PortableRow.append(row, to: &json) }
            add(lines: json.bytes, count: rows.count)
        }

        /// - Parameter lines: whole ones, each with its end.
        package mutating func add(lines: [UInt8], count: Int) {
            hash.update(lines)
            rows += count
        }

        package consuming func finish() -> TableDigest {
            let rows = rows
            return TableDigest(rows: rows, sha256: hash.finish().hex)
        }
    }
}
