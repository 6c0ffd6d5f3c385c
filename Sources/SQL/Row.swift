package import Core

/// One result row, read by position in the order of the SELECT list.
///
/// A value of another type than asked for, or null where none is allowed, is a `DatabaseError` of kind
/// `unexpectedValue` that names the column.
package struct Row: Sendable {
    package let values: [SQLValue]

    package init(_ values: [SQLValue]) { self.values = values }

    package func integer(_ column: Int) throws(DatabaseError) -> Int64 {
        guard let value = try integerOrNil(column) else { throw .unexpected(column, "null") }
        return value
    }

    package func integerOrNil(_ column: Int) throws(DatabaseError) -> Int64? {
        switch values[column] {
        case .integer(let value): value
        case .null: nil
        default: throw .unexpected(column, "not an integer")
        }
    }

    package func real(_ column: Int) throws(DatabaseError) -> Double {
        switch values[column] {
        case .real(let value): value
        case .integer(let value): Double(value)
        default: throw .unexpected(column, "not a number")
        }
    }

    package func text(_ column: Int) throws(DatabaseError) -> String {
        guard let value = try textOrNil(column) else { throw .unexpected(column, "null") }
        return value
    }

    package func textOrNil(_ column: Int) throws(DatabaseError) -> String? {
        switch values[column] {
        case .text(let value): value
        case .null: nil
        default: throw .unexpected(column, "not text")
        }
    }

    package func bytes(_ column: Int) throws(DatabaseError) -> [UInt8] {
        guard let value = try bytesOrNil(column) else { throw .unexpected(column, "null") }
        return value
    }

    package func bytesOrNil(_ column: Int) throws(DatabaseError) -> [UInt8]? {
        switch values[column] {
        case .bytes(let value): value
        case .null: nil
        default: throw .unexpected(column, "not bytes")
        }
    }

    package func flag(_ column: Int) throws(DatabaseError) -> Bool { try integer(column) != 0 }
    package func int(_ column: Int) throws(DatabaseError) -> Int { Int(try integer(column)) }
    package func id(_ column: Int) throws(DatabaseError) -> ID { ID(try integer(column)) }
    package func idOrNil(_ column: Int) throws(DatabaseError) -> ID? {
        guard let value = try integerOrNil(column) else { return nil }
        return ID(value)
    }
    package func time(_ column: Int) throws(DatabaseError) -> Timestamp { Timestamp(milliseconds: try integer(column)) }
    package func timeOrNil(_ column: Int) throws(DatabaseError) -> Timestamp? {
        guard let value = try integerOrNil(column) else { return nil }
        return Timestamp(milliseconds: value)
    }
}

extension DatabaseError {
    fileprivate static func unexpected(_ column: Int, _ what: String) -> DatabaseError {
        DatabaseError(kind: .unexpectedValue, message: "column \(column): \(what)")
    }
}
