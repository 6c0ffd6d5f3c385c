import Core
package import Domain
import PluginKit
package import SQL
package import Store

/// Moves messages by what the provider reports of them, only forward. A status may overtake our own answer, come
/// twice, or in any order.
package struct StatusTracker: Sendable {
    private let context: MessagingContext

    package init(_ context: MessagingContext) { self.context = context }

    /// Applies one status in the caller's transaction.
    /// - Returns: the message after the move, and whether its state was unknown before; nil when nothing moved.
    package func apply(
        _ update: StatusUpdate, in tx: any WriteTransaction
    ) throws -> (row: LedgerRow, wasUnknown: Bool)? {
        let now = context.clock.now()
        guard let attempt = try attempt(of: update, in: tx) else {
            try EarlyStatusesTable.add(update, at: now, in: tx)
            return nil
        }
        return try move(attempt, by: update, at: now, in: tx)
    }

    /// Applies statuses that came before anybody knew their ids, and were kept until now.
    /// - Returns: the messages that moved, as they stand.
    func apply(kept updates: [StatusUpdate], at now: Timestamp, in tx: any WriteTransaction) throws -> [LedgerRow] {
        try updates.compactMap { update in
            guard
                let attempt = try AttemptsTable.message(
                    providerID: update.providerID, channel: update.channel, in: tx)
            else { return nil }
            return try move(attempt, by: update, at: now, in: tx)?.row
        }
    }

    private func move(
        _ attempt: AttemptRef, by update: StatusUpdate, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> (row: LedgerRow, wasUnknown: Bool)? {
        let before = try MessagesTable.find(attempt.messageID, in: tx)?.status
        guard try LedgerMoves.advance(attempt, by: update, at: now, in: tx) else { return nil }
        var data = ["status": update.status.rawValue, "at": update.at.rfc3339]
        if let failure = update.failure {
            data["code"] = failure.code
            data["detail"] = failure.detail
        }
        try TrailTable.add(TrailNote("status", data), to: attempt.messageID, at: now, in: tx)
        guard let row = try MessagesTable.find(attempt.messageID, in: tx) else { return nil }
        if update.status == .failed, let failure = update.failure {
            try FailureConsequences(context).apply(
                failure, contact: row.contactID, template: row.content.template, channel: row.channel,
                number: try AttemptsTable.sendingNumber(attempt, in: tx) ?? "", at: now, in: tx)
        }
        return (row, before == .unknown)
    }

    /// The attempt that a status speaks of: the one it names, else the one that has its id.
    private func attempt(of update: StatusUpdate, in tx: any WriteTransaction) throws -> AttemptRef? {
        if let named = update.attempt, try AttemptsTable.confirm(named, providerID: update.providerID, in: tx) {
            return named
        }
        return try AttemptsTable.message(providerID: update.providerID, channel: update.channel, in: tx)
    }
}
