package import Core

extension Query {
    /// Turns each interpolated Swift value into a bound, typed SQL value.
    package struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.sql(literal)) }
        }

        package mutating func appendInterpolation(_ query: Query) { pieces += query.pieces }
        package mutating func appendInterpolation(_ value: SQLValue) { pieces.append(.value(value)) }

        package mutating func appendInterpolation(_ value: Int64) { bind(.integer(value)) }
        package mutating func appendInterpolation(_ value: Int) { bind(.integer(Int64(value))) }
        package mutating func appendInterpolation(_ value: Bool) { bind(.integer(value ? 1 : 0)) }
        package mutating func appendInterpolation(_ value: Double) { bind(.real(value)) }
        package mutating func appendInterpolation(_ value: String) { bind(.text(value)) }
        package mutating func appendInterpolation(_ value: [UInt8]) { bind(.bytes(value)) }
        package mutating func appendInterpolation(_ value: ID) { bind(.integer(value.number)) }
        package mutating func appendInterpolation(_ value: Timestamp) { bind(.integer(value.milliseconds)) }

        package mutating func appendInterpolation(_ value: Int64?) {
            bind(value.map { .integer($0) } ?? .null(.integer))
        }
        package mutating func appendInterpolation(_ value: Int?) {
            bind(value.map { .integer(Int64($0)) } ?? .null(.integer))
        }
        package mutating func appendInterpolation(_ value: Double?) { bind(value.map { .real($0) } ?? .null(.real)) }
        package mutating func appendInterpolation(_ value: String?) { bind(value.map { .text($0) } ?? .null(.text)) }
        package mutating func appendInterpolation(_ value: [UInt8]?) { bind(value.map { .bytes($0) } ?? .null(.bytes)) }
        package mutating func appendInterpolation(_ value: ID?) {
            bind(value.map { .integer($0.number) } ?? .null(.integer))
        }
        package mutating func appendInterpolation(_ value: Timestamp?) {
            bind(value.map { .integer($0.milliseconds) } ?? .null(.integer))
        }

        private mutating func bind(_ value: SQLValue) { pieces.append(.value(value)) }
    }
}
