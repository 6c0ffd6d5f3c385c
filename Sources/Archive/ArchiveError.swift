/// Why an archive could not be written or must not be read.
package struct ArchiveError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// The file cannot be opened, read or written.
        case file
        /// Not a ZIP file, or one whose bytes are not those that were written.
        case damaged
        /// An entry's name leads outside, stands twice, or is not a plain file's.
        case unsafeEntry
        /// An entry holds more than was allowed.
        case tooLarge
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}
