import Core
import Database
import Domain
import PluginKit
import Store

/// What the ledger needs when time passes: ended claims freed, silent hand-overs given up, unconfirmed messages
/// sent once more where the settings say so.
struct Upkeep: Sendable {
    private let context: MessagingContext

    init(_ context: MessagingContext) { self.context = context }

    func run() throws {
        let now = context.clock.now()
        try context.database.writeBatch { tx in
            _ = try LedgerUpkeep.releaseClaims(at: now, in: tx)
            _ = try LedgerUpkeep.giveUpWaiting(at: now, in: tx)
        }
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
