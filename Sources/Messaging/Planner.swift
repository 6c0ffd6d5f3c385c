package import Core
import Database
package import Domain
package import PluginKit
package import SQL
package import Store

/// Turns drafts into rows of the ledger. Plugins' filters run first, outside any transaction.
package struct Planner: Sendable {
    /// A draft after the filters, with the id it will have if it is new.
    package struct Prepared: Sendable {
        package let id: ID
        package let draft: MessageDraft
        let channel: String
    }

    private let context: MessagingContext

    package init(_ context: MessagingContext) { self.context = context }

    /// Runs the filters over each draft; those that a filter drops are gone.
    package func prepare(_ drafts: [MessageDraft]) -> [Prepared] {
        drafts.compactMap { draft in
            let (filtered, trace) = context.hooks.apply(Hooks.messageDraft, to: draft)
            guard var filtered else { return nil }
            filtered.notes += trace.map(\.note)
            return Prepared(
                id: ID.make(at: context.clock.now()), draft: filtered,
                channel: context.settings[MessagingSettings.channel])
        }
    }

    /// Enters prepared drafts into the ledger, in the caller's transaction.
    package func plan(
        _ prepared: [Prepared], in tx: any WriteTransaction
    ) throws -> [MessagesTable.Planned] {
        let now = context.clock.now()
        return try MessagesTable.plan(prepared.map { .init($0.draft, id: $0.id, channel: $0.channel) }, at: now, in: tx)
    }

    /// Plans drafts on their own and tells the hooks.
    @discardableResult package func plan(_ drafts: [MessageDraft]) throws -> [MessagesTable.Planned] {
        let prepared = prepare(drafts)
        let planned = try context.database.write { tx in try plan(prepared, in: tx) }
        announce(prepared, planned)
        return planned
    }

    /// Tells the hooks of rows that are new or live again; after the commit.
    package func announce(_ prepared: [Prepared], _ planned: [MessagesTable.Planned]) {
        for (item, outcome) in zip(prepared, planned) {
            if case .alreadyThere = outcome { continue }
            context.hooks.fire(
                Hooks.messagePlanned,
                MessageInfo(
                    id: outcome.id, intentKey: item.draft.intentKey, purpose: item.draft.purpose,
                    contactID: item.draft.contactID, channel: item.channel, status: .planned, reason: nil,
                    source: item.draft.source))
        }
    }

    /// Sends a message that went wrong once more, as a row of its own that names its forerunner. Where that may have
    /// arrived, the copy is marked as a possible duplicate.
    /// - Returns: nil when there is no such message, or it may still arrive by itself.
    package func sendAgain(_ id: ID) throws -> ID? {
        try context.database.write { tx in try sendAgain(id, in: tx) }
    }

    /// The same in the caller's transaction; the hooks are told after its commit.
    package func sendAgain(_ id: ID, in tx: any WriteTransaction) throws -> ID? {
        let now = context.clock.now()
        let channel = context.settings[MessagingSettings.channel]
        guard let row = try MessagesTable.find(id, in: tx),
            [.failed, .suppressed, .cancelled, .unknown].contains(row.status)
        else { return nil }
        let draft = MessageDraft(
            intentKey: try Self.nextKey(after: row, in: tx), purpose: row.purpose, contactID: row.contactID,
            content: row.content, source: row.source,
            notes: [TrailNote("sent_again", ["forerunner": row.id.description])])
        let copy = Prepared(id: ID.make(at: now), draft: draft, channel: channel)
        let planned = try MessagesTable.plan(
            [
                .init(
                    draft, id: copy.id, channel: channel, forerunner: row.id,
                    possibleDuplicate: row.status == .unknown || row.possibleDuplicate)
            ], at: now, in: tx)
        tx.afterCommit { announce([copy], planned) }
        return planned.first?.id
    }

    /// `<key>#2`, `<key>#3`, … A key of an API client's or a shop's own may hold `#` too, so only what a copy added is
    /// taken off, and a key that stands already is passed over.
    private static func nextKey(after row: LedgerRow, in tx: any ReadTransaction) throws -> String {
        var root = row.intentKey
        if row.forerunner != nil, let mark = root.lastIndex(of: "#") { root = String(root[..<mark]) }
        var number = try MessagesTable.repeats(of: root, in: tx) + 2
        while try MessagesTable.find(intentKey: "\(root)#\(number)", in: tx) != nil { number += 1 }
        return "\(root)#\(number)"
    }
}

extension HookTrace {
    /// As a line of the message's trail.
    package var note: TrailNote {
        let kind =
            switch outcome {
            case .unchanged: "filter_ran"
            case .changed: "filtered"
            case .failed: "filter_failed"
            case .late: "filter_late"
            case .passedOver: "filter_passed_over"
            }
        return TrailNote(
            kind,
            ["plugin": plugin, "hook": hook, "microseconds": String(microseconds)])
    }
}
