/// Where a message stands in its life (`LedgerMoves` has the diagram). Every word is shown by the API as it is.
package enum MessageStatus: String, Sendable, CaseIterable {
    case planned, claimed
    case handedOver = "handed_over"
    case accepted, sent, delivered, read, failed, unknown, suppressed, cancelled

    /// How far the provider has told us of it; statuses only move up. Nil outside that ladder.
    package var rung: Int? {
        switch self {
        case .accepted: 1
        case .sent: 2
        case .delivered: 3
        case .read: 4
        default: nil
        }
    }

    /// Nothing more happens to it by itself.
    package var isFinal: Bool {
        switch self {
        case .failed, .suppressed, .cancelled, .read: true
        default: false
        }
    }
}

/// What to do about a refusal; each class has its own answer (docs/decisions/0006-fenced-hand-over.md).
package enum FailureClass: String, Sendable, CaseIterable {
    /// Name, connect or TLS failure: nothing reached the provider.
    case network
    /// The provider is busy or limits the rate.
    case tryLater = "try_later"
    /// The provider itself failed and says so.
    case providerTrouble = "provider_trouble"
    /// Too many messages to this person for now.
    case slowPerson = "slow_person"
    /// This person cannot or must not be written to.
    case stopPerson = "stop_person"
    /// The template is missing, paused, or does not fit its parameters.
    case stopTemplate = "stop_template"
    /// The account or number is out: token, payment, policy.
    case stopNumber = "stop_number"
    /// A request that we should not have made.
    case ourBug = "our_bug"
}

/// Why a message did not go, in the provider's own code and words.
package struct Failure: Sendable, Equatable {
    package var failureClass: FailureClass
    /// The provider's code (`131026`), or `http_503`, `curl_28`.
    package var code: String
    package var detail: String
    /// The person's number has no WhatsApp: counted on the contact, whatever the message was.
    package var isUnreachable: Bool

    package init(_ failureClass: FailureClass, code: String, detail: String, isUnreachable: Bool = false) {
        self.isUnreachable = isUnreachable
        self.failureClass = failureClass
        self.code = code
        self.detail = detail
    }
}
