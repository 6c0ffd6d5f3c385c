package import Domain

/// Why Meta was not asked, or gave no answer to work with.
package struct MetaError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// A setting is missing, or a secret cannot be opened.
        case notSetUp
        /// The message cannot be put into Meta's shape.
        case unfit
        /// Meta said no.
        case refused(Failure)
        /// The answer is not of the documented shape.
        case unexpectedAnswer
    }

    package let kind: Kind
    /// Names settings and places, never a value.
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
