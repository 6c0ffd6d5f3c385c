package import Core
package import Domain
package import HTTP

/// A way to reach people: Meta's Cloud API, the Besked gateway, the sandbox. It builds calls and reads answers;
/// whether and when anything leaves is the ledger's business.
package protocol Channel: Sendable {
    /// The value of `sending.channel` that chooses it.
    var id: String { get }
    var abilities: ChannelAbilities { get }

    /// The number it sends from as settings stand, by the provider's id; nil while it is not set up.
    func sendingNumber() -> String?

    /// The call that sends `message`. Throwing means that it cannot be built: our bug, nothing leaves.
    func call(_ message: OutgoingMessage) throws -> ChannelCall

    /// What the provider's answer says. A 2xx without an id is `.unknown`, and so is a 5xx without the provider's
    /// own error (docs/decisions/0006-fenced-hand-over.md has the table).
    func outcome(of response: OutboundResponse) -> SendOutcome

    /// All templates as the provider holds them now; nil for a channel without templates, and while it is not set up.
    /// A `JobFailure` says when to ask again.
    func templates() throws -> [ChannelTemplate]?
}

package struct ChannelAbilities: Sendable {
    package enum FreeText: Sendable {
        case always
        /// Only within 24 hours of the person's last message.
        case insideWindow
    }

    package var freeText: FreeText
    package var hasTemplates: Bool
    /// Whether the provider reports sent, delivered and read.
    package var hasReceipts: Bool
    /// Nothing leaves without a granted consent, whatever the settings say.
    package var alwaysNeedsConsent: Bool
    package var messagesPerSecond: Int
    /// The least time between two messages to one person; nil for none.
    package var pairInterval: Timestamp.Span?
    /// Messages never leave this machine: also a copy of the shop's database may send by it.
    package var staysInside: Bool

    package init(
        freeText: FreeText, hasTemplates: Bool, hasReceipts: Bool, alwaysNeedsConsent: Bool = false,
        messagesPerSecond: Int, pairInterval: Timestamp.Span? = nil, staysInside: Bool = false
    ) {
        self.freeText = freeText
        self.hasTemplates = hasTemplates
        self.hasReceipts = hasReceipts
        self.alwaysNeedsConsent = alwaysNeedsConsent
        self.messagesPerSecond = messagesPerSecond
        self.pairInterval = pairInterval
        self.staysInside = staysInside
    }
}

/// A message in its last form, as a channel gets it.
package struct OutgoingMessage: Sendable, Equatable {
    package enum Body: Sendable, Equatable {
        case text(String)
        case template(TemplateCall)
    }

    package var attempt: AttemptRef
    /// E.164 with `+`; when nil, `bsuid` is there.
    package var phone: String?
    package var bsuid: String?
    package var purpose: Purpose
    package var body: Body

    package init(attempt: AttemptRef, phone: String?, bsuid: String?, purpose: Purpose, body: Body) {
        self.attempt = attempt
        self.phone = phone
        self.bsuid = bsuid
        self.purpose = purpose
        self.body = body
    }
}

/// How a message leaves: by a request of ours, or into something of this machine (the sandbox phone).
package enum ChannelCall: Sendable {
    case http(OutboundRequest)
    case local(@Sendable () throws -> SendOutcome)
}

/// What is known after a message was handed over.
package enum SendOutcome: Sendable, Equatable {
    case accepted(providerID: String, isHeld: Bool)
    /// The provider said no, for the reason given; `after` where it said how long to wait.
    case refused(Failure, httpStatus: Int?, after: Timestamp.Span?)
    /// It may be on its way or not: never guessed.
    case unknown(code: String, detail: String, httpStatus: Int?)
}
