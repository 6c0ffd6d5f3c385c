/// Why a request is not taken; it is answered with `status` and the connection closes.
package struct RequestRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    package let status: Status
    /// For the answer's body and the log; names the rule, never the offending bytes.
    package let reason: String

    static func bad(_ reason: String) -> RequestRefusal { RequestRefusal(status: 400, reason: reason) }

    package var description: String { "\(status.rawValue) \(status.reason): \(reason)" }
}
