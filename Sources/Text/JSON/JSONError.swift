/// Why a JSON text, or a value in it, could not be read. Names places, never contents.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The text is not JSON (RFC 8259) in UTF-8.
        case malformed
        /// It nests deeper than `JSON.maximumDepth`.
        case tooDeep
        /// A value is of another kind than asked for, or absent.
        case unexpected
    }

    package let kind: Kind
    /// The place: `order.billing.phone`, `order.line_items[2].id`. Empty for an unnamed whole.
    package let path: String
    /// `expected text`, `it is not UTF-8`.
    package let message: String

    /// For readers of a format, to whom a value says something that it may not.
    package init(kind: Kind, path: String, message: String) {
        self.kind = kind
        self.path = path
        self.message = message
    }

    package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
