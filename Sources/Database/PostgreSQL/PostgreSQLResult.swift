import CDatabase
import SQL

/// Reads a result in text format into the four kinds of the house.
enum PostgreSQLResult {
    static func answer(_ result: OpaquePointer) -> PostgreSQLAnswer {
        let tag = PQcmdStatus(result).map { String(cString: $0) } ?? ""
        // `PQcmdTuples` counts the rows of a SELECT too, and is empty for statements that change none.
        let changed = tag.hasPrefix("SELECT") ? 0 : PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        return PostgreSQLAnswer(rows: rows(of: result), changed: changed, tag: tag)
    }

    private static func rows(of result: OpaquePointer) -> [Row] {
        let columns = 0..<PQnfields(result)
        let types = columns.map { PQftype(result, $0) }
        return (0..<PQntuples(result)).map { row in
            Row(columns.map { value(result, row, $0, types[Int($0)]) })
        }
    }

    /// Null comes out as `.null(.text)`, as from SQLite, which knows no kind of its own for it.
    private static func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32, _ type: Oid) -> SQLValue {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
            return .null(.text)
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        if type == 17 { return .bytes(unhex(bytes)) }
        if type == 20, let number = integer(bytes) { return .integer(number) }
        let text = String(decoding: bytes, as: UTF8.self)
        // Numbers in pg_type: bool, int8, int2, int4, oid, float4, float8, numeric.
        switch type {
        case 16: return .integer(text == "t" ? 1 : 0)
        case 20, 21, 23, 26: return Int64(text).map { .integer($0) } ?? .text(text)
        case 700, 701: return Double(text).map { .real($0) } ?? .text(text)
        // sum() of integers is a numeric: a whole one is read back as the integer that SQLite gives.
        case 1700: return Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) } ?? .text(text)
        default: return .text(text)
        }
    }

    /// Without a detour by way of a string: most columns are such numbers. Nil for what is at the edge of 64 bits.
    private static func integer(_ digits: UnsafeRawBufferPointer) -> Int64? {
        guard (1...18).contains(digits.count) else { return nil }
        let isNegative = digits[0] == UInt8(ascii: "-")
        var number: Int64 = 0
        for digit in digits.dropFirst(isNegative ? 1 : 0) { number = number * 10 + Int64(digit - UInt8(ascii: "0")) }
        return isNegative ? -number : number
    }

    /// `\x` and two digits a byte: https://www.postgresql.org/docs/15/datatype-binary.html
    private static func unhex(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        let count = max(text.count / 2 - 1, 0)
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
            for index in 0..<count {
                bytes[index] = nibble(text[2 * index + 2]) << 4 | nibble(text[2 * index + 3])
            }
            written = count
        }
    }

    private static func nibble(_ digit: UInt8) -> UInt8 { digit < 0x40 ? digit & 0xf : (digit & 0xf) + 9 }
}
