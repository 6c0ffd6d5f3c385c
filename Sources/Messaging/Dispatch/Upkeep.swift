import Core
import Database
import Domain
import PluginKit
import Store
import Synchronization

/// What the ledger needs when time passes: ended claims freed, silent hand-overs given up, unconfirmed messages
/// sent once more where the settings say so, statuses matched that came at the same moment as their ids.
final class Upkeep: Sendable {
    private let context: MessagingContext
    private let last = Mutex<Timestamp.Span?>(nil)
    private let lastSweep = Mutex<Timestamp?>(nil)

    /// Turns may follow each other by milliseconds; time does not pass faster for that.
    private static let often = Timestamp.Span.milliseconds(500)
    /// A status may stand for that long in a transaction that has not ended. What came before was looked at then.
    private static let overlap = Timestamp.Span.minutes(2)

    init(_ context: MessagingContext) { self.context = context }

    func run() throws {
        let time = context.clock.sinceBoot()
        guard last.withLock({ $0.map { time - $0 >= Self.often } ?? true }) else { return }
        let now = context.clock.now()
        try context.database.writeBatch { tx in
            try LedgerUpkeep.releaseClaims(at: now, in: tx)
            _ = try LedgerUpkeep.giveUpWaiting(at: now, in: tx)
        }
        try matchEarlyStatuses(at: now)
        try resendUnconfirmed(at: now)
        last.withLock { $0 = time }
    }

    private func matchEarlyStatuses(at now: Timestamp) throws {
        let since = lastSweep.withLock { $0.map { $0 - Self.overlap } } ?? Timestamp(milliseconds: 0)
        let hasSome = try context.database.read { tx in try EarlyStatusesTable.hasMatched(since: since, in: tx) }
        if hasSome {
            let moved = try context.database.writeBatch { [context] tx in
                let updates = try EarlyStatusesTable.takeMatched(since: since, in: tx)
                return try StatusTracker(context).apply(kept: updates, at: now, in: tx)
            }
            for move in moved { context.hooks.fire(Hooks.messageStatusChanged, move.row.info) }
        } else {
            lastSweep.withLock { $0 = now }
        }
    }

    private func resendUnconfirmed(at now: Timestamp) throws {
        guard context.settings[MessagingSettings.resendUnknown],
            let after = context.settings[MessagingSettings.unconfirmedAfter]
        else { return }
        let oldest = context.settings[MessagingSettings.maxAge].map { now - $0 }
        let unconfirmed = try context.database.read { tx in
            try LedgerUpkeep.unconfirmed(before: now - after, firstDueSince: oldest, in: tx)
        }
        guard !unconfirmed.isEmpty else { return }
        try context.database.writeBatch { tx in
            for id in unconfirmed where try LedgerMoves.resend(id, at: now, in: tx) {
                try TrailTable.add(TrailNote("resent_unconfirmed"), to: id, at: now, in: tx)
            }
        }
    }
}
