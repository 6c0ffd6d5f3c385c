import Core
package import Domain
import PluginKit
package import SQL
package import Store

/// Moves messages by what the provider reports of them, only forward. A status may overtake our own answer, come
/// twice, or in any order.
package struct StatusTracker: Sendable {
    /// A status that moved its message.
    package struct Move: Sendable {
        /// The message as the move left it.
        package var row: LedgerRow
        /// Whether nobody had known before what had become of it.
        package var wasUnknown: Bool
    }

    private struct Told {
        var update: StatusUpdate
        var attempt: AttemptRef
    }

    private let context: MessagingContext

    package init(_ context: MessagingContext) { self.context = context }

    /// Applies statuses in the caller's transaction, with as many statements for a thousand as for one but for those
    /// that are sent out together. Those that nobody knows the message of yet are kept.
    /// - Returns: those that moved their message.
    package func apply(_ updates: [StatusUpdate], in tx: any WriteTransaction) throws -> [Move] {
        let now = context.clock.now()
        let attempts = try attempts(of: updates, in: tx)
        try EarlyStatusesTable.add(zip(updates, attempts).filter { $0.1 == nil }.map(\.0), at: now, in: tx)
        return try move(Self.told(updates, attempts), at: now, in: tx)
    }

    /// Applies statuses that came before anybody knew their ids, and were kept until now.
    func apply(kept updates: [StatusUpdate], at now: Timestamp, in tx: any WriteTransaction) throws -> [Move] {
        try move(Self.told(updates, try attemptsByID(of: updates, in: tx)), at: now, in: tx)
    }

    /// In the order of the messages, so that two who do this at the same time do not wait for each other in a circle;
    /// those of one message as they came.
    private static func told(_ updates: [StatusUpdate], _ attempts: [AttemptRef?]) -> [Told] {
        zip(updates, attempts).enumerated().compactMap { place, item in
            item.1.map { (place, Told(update: item.0, attempt: $0)) }
        }
        .sorted { ($0.1.attempt.messageID, $0.0) < ($1.1.attempt.messageID, $1.0) }.map(\.1)
    }

    private func move(_ told: [Told], at now: Timestamp, in tx: any WriteTransaction) throws -> [Move] {
        guard !told.isEmpty else { return [] }
        let ids = Set(told.map(\.attempt.messageID))
        let before = try MessagesTable.all(ids, in: tx)
        let hasMoved = try LedgerMoves.advance(told.map { ($0.attempt, $0.update) }, at: now, in: tx)
        let moved = zip(told, hasMoved).filter(\.1).map(\.0)
        try TrailTable.add(moved.map { .init($0.attempt.messageID, $0.update.note) }, at: now, in: tx)
        let after = try MessagesTable.all(Set(moved.map(\.attempt.messageID)), in: tx)
        var unknown = Set(before.values.filter { $0.status == .unknown }.map(\.id))
        return try moved.compactMap { told in
            guard var row = after[told.attempt.messageID] else { return nil }
            row.status = told.update.status
            if told.update.status == .failed, let failure = told.update.failure {
                try FailureConsequences(context).apply(
                    failure, contact: row.contactID, template: row.content.template, channel: row.channel,
                    number: try AttemptsTable.sendingNumber(told.attempt, in: tx) ?? "", at: now, in: tx)
            }
            return Move(row: row, wasUnknown: unknown.remove(row.id) != nil)
        }
    }

    /// The attempt that each status speaks of: the one it names, else the one that has its id; nil for none.
    private func attempts(of updates: [StatusUpdate], in tx: any WriteTransaction) throws -> [AttemptRef?] {
        let named = updates.compactMap { update in update.attempt.map { ($0, update.providerID) } }
        let confirmed = try AttemptsTable.confirm(named, in: tx)
        let byID = try attemptsByID(
            of: updates.filter { $0.attempt.map { !confirmed.contains($0) } ?? true }, in: tx)
        var others = byID.makeIterator()
        return updates.map { update in
            if let named = update.attempt, confirmed.contains(named) { return named }
            return others.next() ?? nil
        }
    }

    private func attemptsByID(of updates: [StatusUpdate], in tx: any ReadTransaction) throws -> [AttemptRef?] {
        var known: [String: [String: AttemptRef]] = [:]
        for (channel, some) in Dictionary(grouping: updates, by: \.channel) {
            known[channel] = try AttemptsTable.messages(
                providerIDs: Set(some.map(\.providerID)), channel: channel, in: tx)
        }
        return updates.map { known[$0.channel]?[$0.providerID] }
    }
}

extension StatusUpdate {
    /// Its line in the message's trail.
    fileprivate var note: TrailNote {
        var data = ["status": status.rawValue, "at": at.rfc3339]
        if let failure {
            data["code"] = failure.code
            data["detail"] = failure.detail
        }
        return TrailNote("status", data)
    }
}
