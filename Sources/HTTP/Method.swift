/// A request's method, case-sensitive as the protocol has it (RFC 9110, 9.1).
package struct Method: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let get = Method(rawValue: "GET")
    package static let head = Method(rawValue: "HEAD")
    package static let post = Method(rawValue: "POST")
    package static let put = Method(rawValue: "PUT")
    package static let patch = Method(rawValue: "PATCH")
    package static let delete = Method(rawValue: "DELETE")
    package static let options = Method(rawValue: "OPTIONS")

    package var description: String { rawValue }

    /// True for methods that only look: they need no CSRF token and may be repeated (RFC 9110, 9.2.1).
    package var isSafe: Bool { self == .get || self == .head || self == .options }
}
