import Core
import Database
import Domain
import PluginKit
import SQL
import Store

/// How many things behind a place in the sidebar need a person; a count stands only where there are some.
struct MenuNeeds: Sendable {
    /// Nobody counts further than this before looking.
    private static let cap = 99

    private let host: Host

    init(_ host: Host) { self.host = host }

    /// By the entry's path. A sidebar must not keep a page from showing: what cannot be counted is left out.
    func counts() -> [String: Int] {
        let now = host.clock.now()
        var counts = [
            "/admin/plugins": host.plugins.all.filter { plugin in
                if case .failed = host.plugins.standing(plugin.declaration.id) { true } else { false }
            }.count,
            "/admin/settings/site": host.settings.unreadable(
                host.settings.declarations.filter(\.isSecret).map(\.key)
            ).count,
        ]
        let stored = try? host.database.read { tx in
            var unknown = MessagesTable.Selection()
            unknown.statuses = [.unknown]
            return [
                "/admin": try onlyOnOverview(at: now, in: tx),
                "/admin/jobs": try troubledJobs(at: now, in: tx),
                "/admin/messages": try MessagesTable.count(unknown, limit: Self.cap, in: tx),
                "/admin/deliveries": try DeliveriesTable.count(.unreadable, cap: Self.cap, in: tx),
            ]
        }
        counts.merge(stored ?? [:]) { first, _ in first }
        return counts.filter { $0.value > 0 }
    }

    /// Pauses, and the alerts that no other place in the sidebar counts.
    private func onlyOnOverview(at now: Timestamp, in tx: any ReadTransaction) throws -> Int {
        let elsewhere = HouseFindings.ids + ["host.job."]
        let alerts = try AlertsTable.allOpen(in: tx).count { alert in
            !elsewhere.contains { alert.id.hasPrefix($0) }
        }
        return try PausesTable.all(at: now, in: tx).count + alerts
    }

    private func troubledJobs(at now: Timestamp, in tx: any ReadTransaction) throws -> Int {
        try JobsTable.troubled(
            kinds: host.jobsAtWork.map(\.kind).sorted(), failedSince: now - .days(1), overdueBefore: now - Job.patience,
            in: tx
        ).count
    }
}
