/// A value on its way into or out of a table; each carries its type, also when it is null.
package enum SQLValue: Sendable, Hashable {
    /// The four column types of the house: flags are integers 0 and 1, times are integer milliseconds.
    package enum Kind: Sendable, Hashable { case integer, real, text, bytes }

    case null(Kind)
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
}
