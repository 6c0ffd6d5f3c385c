/// Why a time zone's rules could not be had.
package struct TimeZoneError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// No such zone in tzdata.
        case unknown
        /// Its file is not a TZif file of version 2 or later.
        case malformed
    }

    package let kind: Kind
    package let identifier: String

    package var description: String {
        switch kind {
        case .unknown: "there is no time zone \(identifier)"
        case .malformed: "the rules of the time zone \(identifier) cannot be read"
        }
    }
}
