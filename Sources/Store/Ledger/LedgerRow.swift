package import Core
package import Domain
import SQL
import Text

/// A message as the ledger holds it.
package struct LedgerRow: Sendable, Equatable {
    package var id: ID
    package var intentKey: String
    package var purpose: Purpose
    package var contactID: ID
    package var channel: String
    package var content: MessageContent
    package var source: MessageSource
    /// The message that this one sends again.
    package var forerunner: ID?
    package var requiredOrderStatus: String?
    package var status: MessageStatus
    /// Why it waits or will not go: an id of the catalogue (`reason.consent_pending`).
    package var reason: String?
    package var failure: Failure?
    /// The address it went to, as of the last hand-over.
    package var recipient: String?
    package var providerID: String?
    package var possibleDuplicate: Bool
    /// Planning plus delay; never moved by waits.
    package var firstDueAt: Timestamp
    package var dueAt: Timestamp
    package var createdAt: Timestamp
    package var handedOverAt: Timestamp?
    package var acceptedAt: Timestamp?
    package var sentAt: Timestamp?
    package var deliveredAt: Timestamp?
    package var readAt: Timestamp?
    package var failedAt: Timestamp?
    package var attempts: Int
    package var tries: Tries
    package var claimToken: ID?
    /// Raised by a grant of consent, so that a decision taken on older facts is not written.
    package var version: Int

    /// How often each kind of refusal has been met since planning or revival.
    package struct Tries: Sendable, Equatable {
        package var rate: Int
        package var server: Int
        package var network: Int

        package static let none = Tries(rate: 0, server: 0, network: 0)
    }

    /// The columns that `init(_:)` reads, in its order.
    static let columns: Query = """
        id, intent_key, purpose, contact_id, channel, text, template_name, template_language, template_parameters,
        source_kind, source_id, source_rule, forerunner, required_order_status, status, reason, failure_class,
        failure_code, failure_detail, recipient, provider_id, possible_duplicate, first_due_at, due_at, created_at,
        handed_over_at, accepted_at, sent_at, delivered_at, read_at, failed_at, attempts, rate_tries, server_tries,
        network_tries, claim_token, version
        """

    init(_ row: Row) throws(DatabaseError) {
        id = try row.id(0)
        intentKey = try row.text(1)
        purpose = Purpose(rawValue: try row.text(2))
        contactID = try row.id(3)
        channel = try row.text(4)
        content = MessageContent(text: try row.textOrNil(5))
        if let name = try row.textOrNil(6) {
            content.template = TemplateCall(
                name: name, language: try row.textOrNil(7) ?? "",
                parameters: TemplateParametersText.read(try row.textOrNil(8) ?? "[]"))
        }
        source = MessageSource(
            kind: try row.choice(9, MessageSource.Kind.self), id: try row.idOrNil(10), rule: try row.textOrNil(11))
        forerunner = try row.idOrNil(12)
        requiredOrderStatus = try row.textOrNil(13)
        status = try row.choice(14, MessageStatus.self)
        reason = try row.textOrNil(15)
        if let failureClass = try row.textOrNil(16).flatMap(FailureClass.init(rawValue:)) {
            failure = Failure(
                failureClass, code: try row.textOrNil(17) ?? "", detail: try row.textOrNil(18) ?? "")
        }
        recipient = try row.textOrNil(19)
        providerID = try row.textOrNil(20)
        possibleDuplicate = try row.flag(21)
        firstDueAt = try row.time(22)
        dueAt = try row.time(23)
        createdAt = try row.time(24)
        handedOverAt = try row.timeOrNil(25)
        acceptedAt = try row.timeOrNil(26)
        sentAt = try row.timeOrNil(27)
        deliveredAt = try row.timeOrNil(28)
        readAt = try row.timeOrNil(29)
        failedAt = try row.timeOrNil(30)
        attempts = try row.int(31)
        tries = Tries(rate: try row.int(32), server: try row.int(33), network: try row.int(34))
        claimToken = try row.idOrNil(35)
        version = try row.int(36)
    }
}

extension Row {
    /// A text column that holds one of a closed set of words.
    func choice<Choice: RawRepresentable>(
        _ column: Int, _ type: Choice.Type
    ) throws(DatabaseError) -> Choice where Choice.RawValue == String {
        let word = try text(column)
        guard let choice = Choice(rawValue: word) else {
            throw DatabaseError(kind: .unexpectedValue, message: "column \(column): unknown word \(word)")
        }
        return choice
    }
}
