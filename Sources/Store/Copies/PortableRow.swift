import Crypto
package import Database
package import SQL
package import Text

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

    /// Appends the line, its end included.
    /// - Throws: `unexpectedValue` for an infinite or undefined real, which JSON has no number for.
    package static func append(_ row: Row, to json: inout JSONWriter) throws(DatabaseError) {
        try json.array { (json: inout JSONWriter) throws(DatabaseError) in
            for value in row.values { try append(value, to: &json) }
        }
        json.endLine()
    }

    /// The line without its end.
    package static func line(_ values: [SQLValue]) throws(DatabaseError) -> [UInt8] {
        try JSONWriter.array { (json: inout JSONWriter) throws(DatabaseError) in
            for value in values { try append(value, to: &json) }
        }
    }

    private static func append(_ value: SQLValue, to json: inout JSONWriter) throws(DatabaseError) {
        switch value {
        case .null: json.null()
        case .integer(let number): json.value(number)
        case .text(let text): json.value(text)
        case .bytes(let bytes): json.object { $0.field(bytesKey, bytes.base64) }
        case .real(let number):
            guard number.isFinite else {
                throw DatabaseError(kind: .unexpectedValue, message: "a number is infinite or undefined")
            }
            // SQLite keeps no sign on zero.
            json.value(number == 0 ? 0.0 : number)
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
