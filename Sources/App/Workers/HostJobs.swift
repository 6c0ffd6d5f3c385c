import Domain
import Core
import Localization
import Templating
import Database
import Messaging
import PluginKit
import SQL
import Store

/// The repeating work of the host itself: forgetting what its time is over for, and fetching templates.
struct HostJobs {
    static let syncTemplates = "host.sync_templates"

    private let host: Host

    init(_ host: Host) { self.host = host }

    var all: [JobDeclaration] {
        [
            JobDeclaration(kind: "host.cleaning", every: .hours(1), runsWhileHeld: true) { [host] _ in
                try Self.clean(host)
            },
            JobDeclaration(kind: Self.syncTemplates, every: .hours(1)) { [host] _ in try Self.sync(host) },
        ] + HouseWatch(host).jobs + AlertTelling(host).jobs
    }

    /// Each table that keeps something for a time forgets what is older.
    private static func clean(_ host: Host) throws {
        let now = host.clock.now()
        let deliveries = host.settings[HostSettings.deliveriesRetention]
        let texts = host.settings[HostSettings.textRetention]
        try host.database.write { tx in
            if let deliveries {
                _ = try DeliveriesTable.removeOld(before: now - deliveries, now: now, in: tx)
                // What was removed is remembered as long as a delivery that could bring it back.
                try ProductsTable.forgetRemoved(before: now - deliveries, in: tx)
                try CouponsTable.forgetRemoved(before: now - deliveries, in: tx)
            }
            if let texts {
                try MessagesTable.forgetTexts(before: now - texts, in: tx)
                try InboundTable.forgetTexts(before: now - texts, in: tx)
            }
            try EarlyStatusesTable.forget(before: now - .days(8), in: tx)
            _ = try EventsTable.removeEnded(before: now - .days(30), in: tx)
            _ = try JobsTable.removeEnded(before: now - .days(30), in: tx)
            _ = try AlertsTable.removeClosed(before: now - .days(30), in: tx)
            _ = try SessionsTable.removeExpired(by: now, in: tx)
            _ = try HalfSignInsTable.removeExpired(by: now, in: tx)
            _ = try AccountLinksTable.removeExpired(by: now, in: tx)
            _ = try PreferenceTokens(keys: host.keys).removeExpired(by: now, in: tx)
            _ = try PendingConsentsTable.removeExpired(by: now, in: tx)
            _ = try IdempotencyTable.removeExpired(by: now, in: tx)
            _ = try ThrottlesTable.removeEnded(by: now, in: tx)
            try NodesTable.removeUnseen(for: .days(1), in: tx)
        }
    }

    /// Fetches the templates of every channel that has some; one that fails does not keep the others from it.
    static func sync(_ host: Host) throws {
        var failure: (any Error)?
        for channel in host.plugins.active.flatMap(\.parts.channels)
        where channel.abilities.hasTemplates && channel.sendingNumber() != nil {
            do {
                guard let templates = try channel.templates() else { continue }
                try ChannelTemplatesPort(context: host.messaging).store(templates, channel: channel.id)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}

extension Host {
    /// Every job that this process knows.
    var jobs: [JobDeclaration] { plugins.jobs + HostJobs(self).all + BackupJobs(self).all }
    /// Those of them whose turn comes.
    var jobsAtWork: [JobDeclaration] {
        let reason = instance.hold?.kind
        return jobs.filter { $0.mayRun(whereHeldFor: reason) }
    }

    /// The words of the site's language, with its times.
    var siteWords: any TemplateWords {
        LocalWords(catalog.words(for: site.locale), zone: Zone(site.timeZone) ?? .utc)
    }
}

extension JobDeclaration {
    /// Where nothing may leave, what reaches outside waits; where everything was taken to another database, all does but
    /// what tells the owner that this one was started.
    func mayRun(whereHeldFor reason: InstanceHold.Kind?) -> Bool {
        switch reason {
        case nil: true
        case .moved: kind == HouseWatch.kind || runsWhileHeld && AlertTelling.isTelling(kind)
        case .copied, .restored, .notConfirmed: runsWhileHeld
        }
    }
}
