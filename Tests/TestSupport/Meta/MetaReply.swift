package import Core

/// What the double does with one right request to send: every row of the ledger's table of outcomes.
package enum MetaReply: Sendable {
    /// 200 with an id.
    case ok
    /// 200 with an id; the template message waits for Meta's judgement.
    case heldForQualityAssessment
    /// The documented error of this code, with its usual status or another.
    case error(Int, status: Int? = nil)
    /// A status without the provider's JSON, as a gateway in front of it answers.
    case bare(Int)
    /// Takes the message and never answers.
    case silence
    /// Takes the message and resets the connection.
    case reset
    /// Takes the message and closes without a byte.
    case close
    /// 200 and JSON, but no id in it.
    case withoutID
    /// 200, cut off in the middle.
    case truncated
    /// 302 to somewhere else.
    case redirect

    /// Whether the message may be on its way to the person.
    var mayReachPerson: Bool {
        switch self {
        case .ok, .heldForQualityAssessment, .silence, .reset, .close, .withoutID, .truncated: true
        case .bare(let status): status >= 500
        case .error, .redirect: false
        }
    }
}

/// A request to send that was right in form, as it came.
package struct MetaSend: Sendable {
    /// The provider's id, whether or not the sender was told it. Nil when the reply refused the message.
    package let id: String?
    /// The phone with its `+`, or a business-scoped user id.
    package let to: String
    /// `text`, `template` …
    package let type: String
    package let text: String?
    package let template: String?
    package let language: String?
    /// The text parameters of the template's body, in order.
    package let parameters: [String]
    /// What comes back in every status: `biz_opaque_callback_data`.
    package let callbackData: String?
    package let body: [UInt8]
    package let reply: MetaReply
    /// When it had come in whole, by time since boot.
    package let arrivedAt: Timestamp.Span
}
