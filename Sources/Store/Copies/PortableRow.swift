import Core
import Crypto
package import Database
package import SQL
import Text

/// A row as one line of JSON and back, the same bytes whichever engine it comes from: an array of its values in the
/// order of the table's columns.
///
/// | value | as |
/// |---|---|
/// | integer | all its digits: `9223372036854775807` |
/// | real | the shortest digits that read back as the same, always with a point or an exponent: `0.1`, `1.0`, `1e+300` |
/// | text | a string |
/// | bytes | `{"base64":"…"}` |
/// | null | `null` |
package enum PortableRow {
    private static let bytesKey = "base64"

    /// The lines of rows, each with its end.
    /// - Throws: `unexpectedValue` for an infinite or undefined real, which JSON has no number for.
    package static func lines(_ rows: [Row]) throws(DatabaseError) -> [UInt8] {
        var lines: [UInt8] = []
        // Half a kilobyte is a message; growing copies.
        lines.reserveCapacity(rows.count << 9)
        for row in rows {
            try append(row.values, to: &lines)
            lines.append(UInt8(ascii: "\n"))
        }
        return lines
    }

    /// The line without its end.
    package static func line(_ values: [SQLValue]) throws(DatabaseError) -> [UInt8] {
        var line: [UInt8] = []
        try append(values, to: &line)
        return line
    }

    /// Written by hand: a copy of a million messages has forty million values.
    private static func append(_ values: [SQLValue], to line: inout [UInt8]) throws(DatabaseError) {
        line.append(UInt8(ascii: "["))
        var isFirst = true
        for value in values {
            if !isFirst { line.append(UInt8(ascii: ",")) }
            isFirst = false
            switch value {
            case .null: line.append(contentsOf: null)
            case .integer(let number): append(number, to: &line)
            case .text(let text): JSONText.append(text, to: &line)
            case .bytes(let bytes): line.append(contentsOf: JSONWriter.object { $0.field(bytesKey, bytes.base64) })
            case .real(let number):
                guard number.isFinite else {
                    throw DatabaseError(kind: .unexpectedValue, message: "a number is infinite or undefined")
                }
                // SQLite keeps no sign on zero.
                line.append(contentsOf: String(describing: number == 0 ? 0.0 : number).utf8)
            }
        }
        line.append(UInt8(ascii: "]"))
    }

    private static let null = Array("null".utf8)

    private static func append(_ number: Int64, to line: inout [UInt8]) {
        if number < 0 { line.append(UInt8(ascii: "-")) }
        // The least number has 19 digits.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 19) { digits in
            var (rest, start) = (number.magnitude, digits.count)
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            line.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// The row of a line, with or without its end.
    /// - Throws: `unexpectedValue` when it does not have one value of its kind for each column.
    package static func row(_ line: [UInt8], columns: [TableShape.Column]) throws(DatabaseError) -> Row {
        guard let values = (try? JSON(parsing: line))?.array, values.count == columns.count else {
            throw DatabaseError(kind: .unexpectedValue, message: "a row is not a list of \(columns.count) values")
        }
        var row: [SQLValue] = []
        row.reserveCapacity(columns.count)
        for (json, column) in zip(values, columns) {
            guard let value = value(json, column.kind) else {
                throw DatabaseError(kind: .unexpectedValue, message: "a row's \(column.name) is no \(column.kind)")
            }
            row.append(value)
        }
        return Row(row)
    }

    private static func value(_ json: JSON, _ kind: SQLValue.Kind) -> SQLValue? {
        if json.isNull { return .null(kind) }
        switch kind {
        case .integer: return json.rawNumber.flatMap { Int64($0) }.map { .integer($0) }
        case .real: return json.double.map { .real($0) }
        case .text: return json.string.map { .text($0) }
        case .bytes: return json[bytesKey].string.flatMap { [UInt8](base64: $0) }.map { .bytes($0) }
        }
    }
}
