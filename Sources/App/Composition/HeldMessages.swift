import Core
import Database
import Messaging
import PluginKit
import SQL
import Store

extension Host {
    /// After a change of settings: what waited for sending to be allowed or set up is due at once, and a number whose
    /// channel was set up anew is tried again,
    /// with its templates as they are now. The policy asks everything afresh.
    func releaseWhatSettingsHeld(_ changed: Set<String>) {
        let now = clock.now()
        let channels = Set(changed.compactMap { $0.split(separator: ".").first.map(String.init) })
        let hasTemplates = channels.contains { plugins.channel($0)?.abilities.hasTemplates == true }
        do {
            try database.writeBatch { tx in
                var reasons: [PolicyReason] = [.sendingPaused, .notSetUp]
                for channel in channels where try PausesTable.liftNumbers(of: channel, in: tx) {
                    reasons.append(.numberPaused)
                }
                for reason in reasons { try LedgerUpkeep.dueNow(waitingFor: reason.rawValue, at: now, in: tx) }
                // Its templates may be others now, or fetched for the first time.
                if hasTemplates { try JobsTable.hasten(HostJobs.syncTemplates, to: now, in: tx) }
            }
        } catch {
            log.error("held messages not released", ["error": .error(error)])
        }
        for topic in WakeTopic.allCases { workforce.wake(topic) }
    }
}
