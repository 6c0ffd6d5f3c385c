import Messaging
import Core
import Database
import Domain
import PluginKit
import SQL
import Store
import Templating

/// Whether the work goes on: jobs in time, deliveries read, webhooks believed, a channel to send by, somebody told.
struct WorkChecks {
    /// Work that should have begun longer ago than this has nobody who does it.
    private static let patience = Timestamp.Span.minutes(5)

    private let host: Host

    init(_ host: Host) { self.host = host }

    var all: [HealthCheck] {
        [
            HealthCheck(id: "workers") { [host] in try Self.workers(host) },
            HealthCheck(id: "nodes") { [host] in try NodeVerdict.find(host) },
            HealthCheck(id: "webhooks") { [host] in try Self.webhooks(host) },
            HealthCheck(id: "channel") { [host] in Self.channel(host) },
            HealthCheck(id: "backups") { [host] in try Self.backups(host) },
            HealthCheck(id: "alerts") { [host] in try Self.alerts(host) },
        ]
    }

    private static func backups(_ host: Host) throws -> HealthFinding {
        let standing = try host.database.read { tx in try BackupStanding(host, in: tx) }
        if let failure = standing.failure {
            return .said(.warn, "backups.failed", ["reason": .text(failure)], href: BackupsPage.path)
        }
        guard standing.every != nil else {
            return .said(.warn, "backups.off", href: "/admin/settings/keeping")
        }
        if standing.isLate(at: host.clock.now()) { return .said(.warn, "backups.late", href: BackupsPage.path) }
        guard let last = standing.lastGood else { return .said(.ok, "backups.none_yet") }
        return .said(.ok, "backups", ["at": .time(last.finishedAt)])
    }

    private static func workers(_ host: Host) throws -> HealthFinding {
        let now = host.clock.now()
        let kinds = host.jobsAtWork.map(\.kind)
        let (due, isUnworked) = try host.database.read { tx in
            (try JobsTable.nextDue(kinds: kinds, in: tx), try NodesTable.isUnworked(in: tx))
        }
        if isUnworked { return .said(.fail, "workers.nobody", href: "/admin/jobs") }
        guard let due, now - due > patience else { return .said(.ok, "workers") }
        return .said(.fail, "workers.late", ["since": .time(due)], href: "/admin/jobs")
    }

    private static func webhooks(_ host: Host) throws -> HealthFinding {
        let since = host.clock.now() - .days(1)
        let (unreadable, refused) = try host.database.read { tx in
            (
                try DeliveriesTable.count(.unreadable, cap: 1000, in: tx),
                try RefusalsTable.all(in: tx).filter { $0.lastAt > since }
            )
        }
        if let entry = refused.first {
            return .said(
                .warn, "webhooks.refused", ["endpoint": .text("/hooks/" + entry.endpoint), "at": .time(entry.lastAt)],
                href: "/admin/deliveries")
        }
        guard unreadable > 0 else { return .said(.ok, "webhooks") }
        return .said(
            .warn, "webhooks.unreadable", ["count": .number(Int64(unreadable))],
            href: "/admin/deliveries?state=unreadable")
    }

    private static func channel(_ host: Host) -> HealthFinding {
        guard let channel = host.messaging.activeChannel else { return .said(.fail, "channel.off", href: sending) }
        let name: [String: WordArgument] = ["channel": .text(channel.id)]
        guard channel.sendingNumber() != nil else { return .said(.warn, "channel.unset", name, href: sending) }
        return channel.id == "sandbox"
            ? .said(.ok, "channel.sandbox", href: sending) : .said(.ok, "channel", name, href: sending)
    }

    private static let sending = "/admin/settings/sending"

    /// What is open, and whether anybody hears of it.
    private static func alerts(_ host: Host) throws -> HealthFinding {
        let open = try host.database.read { tx in try AlertsTable.allOpen(in: tx).count }
        if open > 0 { return .said(.warn, "alerts.open", ["count": .number(Int64(open))], href: "/admin") }
        let routes = ["alerts.email", "alerts.webhook", "alerts.phone"].compactMap { host.settings.declaration($0) }
        guard routes.contains(where: { !host.settings.shown($0).isEmpty }) else {
            return .said(.warn, "alerts.nobody", href: "/admin/settings/\(routes.first?.tab ?? "site")")
        }
        return .said(.ok, "alerts")
    }
}
