package import Database
package import SQL

/// Rows for any table of any schema, made of the values at which copies go wrong: the least and the greatest numbers,
/// empty and long texts (very long ones among the deliveries), every kind of character, nulls wherever they may be.
///
/// All columns of one kind have the same value within a row. So whatever refers to another table finds the row of the
/// same number there, and whatever has to be unique is.
package struct EdgeRows {
    /// Columns that an index holds, as `table.column`: no engine indexes megabytes.
    private let indexed: Set<String>
    private let integers: [Int64]
    private let texts: [String]
    private let veryLong = String(repeating: "0123456789 \"\\<é🧵>\n", count: 5000)
    private let veryLongBytes = [UInt8](repeating: 0xA7, count: 300_000)

    /// - Parameter more: how many plain rows each table has beside those with edges.
    package init(of database: Database, more: Int = 20) throws {
        let columns: Query = """
            SELECT t.name || '.' || c.name FROM pragma_table_list AS t, pragma_index_list(t.name) AS i,
              pragma_index_info(i.name) AS c
            WHERE t.schema = 'main' AND t.type = 'table' AND c.name IS NOT NULL
            """
        indexed = Set(try database.read { try $0.rows(columns).map { try $0.text(0) } })
        integers = [.min, .max, 0, -1, 1, 1 << 53, -(1 << 53) - 1] + (0..<more).map { Int64($0) * 7919 + 1000 }
        texts =
            ["", " ", "🧵👩🏽‍🚀", "' OR 1 = 1; --", "\n\r\t\u{1}\u{7F}", "\u{2028}\u{FEFF}\u{10FFFF}", "null"]
            + (0..<more).map { "text \($0 * 7919)" }
    }

    /// - Parameter fix: changes the values of a row, given its number, as a rule of the table wants them.
    package func rows(of shape: TableShape, fixing fix: (Int, inout [SQLValue]) -> Void = { _, _ in }) -> [Row] {
        integers.indices.map { number in
            var values = shape.columns.enumerated().map { place, column -> SQLValue in
                if column.isNullable, number == 0 || (number + place).isMultiple(of: 3) { return .null(column.kind) }
                if number == 1, isFree(column, of: shape), let value = longValue(column, shape) { return value }
                return value(column, number)
            }
            fix(number, &values)
            return Row(values)
        }
    }

    private func isFree(_ column: TableShape.Column, of shape: TableShape) -> Bool {
        !shape.key.contains(column.name) && !indexed.contains("\(shape.name).\(column.name)")
    }

    private func longValue(_ column: TableShape.Column, _ shape: TableShape) -> SQLValue? {
        let isVery = shape.name == "deliveries"
        switch column.kind {
        case .text: return .text(isVery ? veryLong : String(veryLong.prefix(5000)))
        case .bytes: return .bytes(isVery ? veryLongBytes : Array(veryLongBytes.prefix(5000)))
        case .integer, .real: return nil
        }
    }

    private func value(_ column: TableShape.Column, _ number: Int) -> SQLValue {
        switch column.kind {
        case .integer: .integer(integers[number])
        case .real: .real([0.1, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 1][number % 4])
        case .text: .text(texts[number])
        case .bytes: .bytes(Array(texts[number].utf8) + [0, 255, UInt8(number)])
        }
    }
}
