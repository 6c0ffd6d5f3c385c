package import Core
package import Domain
package import SQL
import Store

/// What a refusal means beyond its own message: the number, template or person it speaks of is paused.
package struct FailureConsequences: Sendable {
    private let context: MessagingContext

    package init(_ context: MessagingContext) { self.context = context }

    package func apply(
        _ failure: Failure, contact: ID, template: TemplateCall?, channel: String, number: String, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws {
        switch failure.failureClass {
        case .stopNumber:
            try PausesTable.set(
                .number, "\(channel):\(number)", reason: failure.detail, code: failure.code, until: nil, at: now,
                in: tx)
        case .stopTemplate:
            guard let template else { return }
            try PausesTable.set(
                .template, Self.subject(template, channel: channel), reason: failure.detail, code: failure.code,
                until: nil, at: now, in: tx)
        case .slowPerson:
            try PausesTable.set(
                .person, contact.description, reason: failure.detail, code: failure.code, until: now + .seconds(6),
                at: now, in: tx)
        case .stopPerson where failure.isUnreachable:
            _ = try ContactsTable.noteUndeliverable(contact, at: now, in: tx)
        case .network, .tryLater, .providerTrouble, .stopPerson, .ourBug:
            break
        }
    }

    /// How the pauses table names a template.
    package static func subject(_ template: TemplateCall, channel: String) -> String {
        "\(channel):\(template.name):\(template.language)"
    }
}
