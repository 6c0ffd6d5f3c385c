package import Core
package import Domain
import PluginKit
package import SQL
import Store

/// Takes what people write to the shop and choose in the provider's app: it opens windows and hears STOP.
package struct Inbox: Sendable {
    private let context: MessagingContext
    private let desk: ConsentDesk

    package init(_ context: MessagingContext) {
        self.context = context
        desk = ConsentDesk(context)
    }

    /// The words and preferences that came of one message; for `announce` after the commit.
    package struct Heard: Sendable {
        package var contact: ID
        package var said: [ConsentStatement]
    }

    /// Stores a message in the caller's transaction.
    /// - Returns: nil when the provider has told us of it before, or names nobody.
    package func receive(_ message: InboundMessage, in tx: any WriteTransaction) throws -> Heard? {
        let now = context.clock.now()
        guard let contact = try person(message.phone, message.bsuid, name: message.profileName, in: tx),
            try InboundTable.add(message, contact: contact.id, at: now, in: tx)
        else { return nil }
        let said: [ConsentStatement]
        switch message.text.flatMap(StopWords.wish) {
        case .stop:
            said = Purpose.consentable.map {
                ConsentStatement(
                    purpose: $0, action: .withdraw, at: message.at, source: Self.reply, reason: message.text)
            }
        case .resume: said = try lifting(Self.reply, of: contact, at: message.at, reason: message.text, in: tx)
        case nil: said = []
        }
        for statement in said { try desk.record(statement, by: contact, in: tx) }
        return Heard(contact: contact.id, said: said)
    }

    /// Takes a choice made in the provider's app. It speaks of marketing-class messages; a resume lifts only what a
    /// stop there had withdrawn, never a withdrawal made at the shop.
    package func prefer(_ change: PreferenceChange, in tx: any WriteTransaction) throws -> Heard? {
        guard let contact = try person(change.phone, change.bsuid, name: nil, in: tx) else { return nil }
        let said: [ConsentStatement]
        if change.stops {
            said = [Purpose.carts, .marketing].map {
                ConsentStatement(
                    purpose: $0, action: .withdraw, at: change.at, source: Self.provider, reason: change.detail)
            }
        } else {
            said = try lifting(Self.provider, of: contact, at: change.at, reason: change.detail, in: tx)
        }
        for statement in said { try desk.record(statement, by: contact, in: tx) }
        return Heard(contact: contact.id, said: said)
    }

    /// After the commit.
    package func announce(_ heard: Heard) {
        if !heard.said.isEmpty { desk.announce(heard.said, by: heard.contact) }
    }

    private static let reply = "reply"
    private static let provider = "provider"

    private func person(
        _ phone: String?, _ bsuid: String?, name: String?, in tx: any WriteTransaction
    ) throws -> Contact? {
        guard phone != nil || bsuid != nil else { return nil }
        return try ContactsTable.reach(
            PersonKey(phone: phone, bsuid: bsuid), details: ContactDetails(firstName: name), weight: .fillsGaps,
            at: context.clock.now(), in: tx)
    }

    /// Grants for every purpose that was withdrawn by the same road.
    private func lifting(
        _ source: String, of contact: Contact, at time: Timestamp, reason: String?, in tx: any WriteTransaction
    ) throws -> [ConsentStatement] {
        try ConsentStatesTable.all(of: contact.id, in: tx)
            .filter { $0.value.state == .withdrawn && $0.value.source == source }
            .map { ConsentStatement(purpose: $0.key, action: .grant, at: time, source: source, reason: reason) }
            .sorted { $0.purpose.rawValue < $1.purpose.rawValue }
    }
}
