import Core
import Database
import Domain
import Messaging
import PluginKit
import Store
import Templating

/// The ledger as plugins reach it.
struct MessagesPort: Messages {
    let context: MessagingContext

    func plan(_ drafts: [MessageDraft]) throws -> [ID] {
        let planned = try Planner(context).plan(drafts)
        context.wake(.messages)
        return planned.compactMap { if case .alreadyThere = $0 { nil } else { $0.id } }
    }

    func planTest(to phone: String, content: MessageContent) throws -> ID {
        guard context.maySend(by: context.activeChannel) else { throw MessageRefusal(Word("problem.held")) }
        let now = context.clock.now()
        let contact = try context.database.write { tx in
            try ContactsTable.reach(
                PersonKey(phone: phone), details: ContactDetails(phoneRaw: phone), weight: .fillsGaps, at: now, in: tx
            ).id
        }
        let id = ID.make(at: now)
        let draft = MessageDraft(
            intentKey: "test:\(id)", purpose: .test, contactID: contact, content: content,
            source: MessageSource(kind: .api))
        guard let planned = try Planner(context).plan([draft]).first else { throw DraftDropped() }
        context.wake(.messages)
        return planned.id
    }

    func freeTextAllowed(contactID: ID) throws -> Bool {
        guard let channel = context.activeChannel else { return false }
        switch channel.abilities.freeText {
        case .always: return true
        case .insideWindow:
            let last = try context.database.read { tx in
                try InboundTable.lastInbound(contact: contactID, channel: channel.id, in: tx)
            }
            return Policy.windowIsOpen(lastInbound: last, at: context.clock.now())
        }
    }
}

/// A plugin's filter dropped the message before it was planned.
struct DraftDropped: Error, CustomStringConvertible {
    var description: String { "a plugin dropped the message" }
}
