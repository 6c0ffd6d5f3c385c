import Core

/// Why a call has no answer, told so that the ledger can decide what that means for a message.
package struct HTTPClientError: LoggableError, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// Name, connection or TLS failed, or the connection broke before the request's last byte was written: the
        /// peer cannot have acted on it.
        case notSent
        /// The request left whole and no telling answer came: the peer may or may not have acted on it.
        case unknown
        /// The answer outgrew `maxResponseBytes`.
        case tooLarge
        /// `departBy` had passed when the request was about to leave. Nothing left.
        case departedTooLate
        /// Our own rules forbid the call. Nothing left.
        case refused(Refusal)
    }

    package enum Refusal: Sendable, Equatable {
        case undeclaredHost
        case privateAddress
        case invalidRequest
        /// This may be a copy of the shop's database.
        case notConfirmed
    }

    package let kind: Kind
    /// For logs and the decision trail: names hosts at most, never a header or a body.
    package let message: String
    /// Whether the request may have reached the peer whole. Errs towards true.
    package let lastByteWritten: Bool
    /// libcurl's result, where it was libcurl that failed.
    package let curlCode: Int?

    package init(_ kind: Kind, _ message: String, lastByteWritten: Bool = false, curlCode: Int? = nil) {
        self.kind = kind
        self.message = message
        self.lastByteWritten = lastByteWritten
        self.curlCode = curlCode
    }

    package var description: String {
        curlCode.map { "\(kind): \(message) (curl \($0))" } ?? "\(kind): \(message)"
    }
}
