import CDatabase
import SQL

/// Bound values in PostgreSQL's binary format, each with its explicit type.
struct PostgreSQLArguments {
    /// The types' numbers in pg_type, fixed by the server's source (pg_type.dat).
    private static let int8: Oid = 20
    private static let text: Oid = 25
    private static let bytea: Oid = 17
    private static let float8: Oid = 701

    private(set) var types: [Oid] = []
    private var bytes: [UInt8] = []
    /// Where each value lies in `bytes`; nil for null.
    private var places: [Range<Int>?] = []

    init(_ values: [SQLValue], _ sql: String) throws(DatabaseError) {
        for value in values {
            let start = bytes.count
            switch value {
            case .null(let kind):
                types.append(Self.type(kind))
                places.append(nil)
                continue
            case .integer(let number):
                types.append(Self.int8)
                append(UInt64(bitPattern: number))
            case .real(let number):
                types.append(Self.float8)
                append(number.bitPattern)
            case .text(let text):
                try SQLValue.refuseNUL(in: text, sql)
                types.append(Self.text)
                bytes += text.utf8
            case .bytes(let value):
                types.append(Self.bytea)
                bytes += value
            }
            places.append(start..<bytes.count)
        }
    }

    /// Calls `body` with libpq's three lists: pointers, lengths, formats (all binary).
    func withPointers<T>(_ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) -> T) -> T {
        let lengths = places.map { Int32($0?.count ?? 0) }
        let formats = places.map { _ in Int32(1) }
        // A null pointer means NULL, so an empty value needs an address too: one byte more than the values take.
        return (bytes + [0]).withUnsafeBytes { all in
            let start = all.assumingMemoryBound(to: CChar.self).baseAddress
            let pointers = places.map { place in place.flatMap { range in start.map { $0 + range.lowerBound } } }
            return body(pointers, lengths, formats)
        }
    }

    private mutating func append(_ number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }

    private static func type(_ kind: SQLValue.Kind) -> Oid {
        switch kind {
        case .integer: int8
        case .real: float8
        case .text: text
        case .bytes: bytea
        }
    }
}
