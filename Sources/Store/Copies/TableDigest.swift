import Core
import Crypto
package import Database
package import SQL
import Synchronization

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
        let digest = Mutex(Running())
        try Conveyor<[Row]>.run("digest", use: { rows in try digest.withLock { try $0.add(rows) } }) { belt in
            try TableRows.eachPage(of: shape, through: end, in: tx) { rows in
                try belt.put(rows)
                try progress(rows.count)
            }
        }
        return digest.withLock { digest in
            let whole = digest.finish()
            digest = Running()
            return whole
        }
    }

    /// A digest under way, for rows or lines that come in pieces.
    package struct Running: ~Copyable {
        private var rows = 0
        private var hash = SHA256()

        package init() {}

        package mutating func add(_ rows: [Row]) throws {
            add(lines: try PortableRow.lines(rows), count: rows.count)
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
