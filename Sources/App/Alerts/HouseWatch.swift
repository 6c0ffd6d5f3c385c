import Core
import Database
import Messaging
import PluginKit
import SQL
import Store
import Templating

/// Looks at the house every minute, opens alerts for what it finds, and closes those that are over. A new condition of
/// the host is a line in `findings`, or a finding of `HouseFindings` when the overview shall show it at once.
package struct HouseWatch: Sendable {
    static let kind = "host.watch"
    static let verifyKind = "host.verify_consents"

    private static let ownIDs = HouseFindings.ids + ["host.disk", "host.job.", "host.alert_route."]

    private let host: Host
    /// Of the data folder; a test says how full it is.
    private let disk: @Sendable () -> DiskSpace?

    package init(_ host: Host, disk: (@Sendable () -> DiskSpace?)? = nil) {
        self.host = host
        self.disk = disk ?? { [data = host.options.data] in DiskSpace(of: data) }
    }

    var jobs: [JobDeclaration] {
        [
            JobDeclaration(kind: Self.kind, every: .minutes(1), runsWhileHeld: true) { [self] _ in try look() },
            JobDeclaration(kind: Self.verifyKind, every: .days(1), runsWhileHeld: true) { [self] _ in
                try verifyConsents()
            },
        ]
    }

    package func look() throws {
        let now = host.clock.now()
        let words = host.siteWords
        let (found, open) = try host.database.read { tx in
            let findings = try HouseFindings(host, words).all(at: now, in: tx).filter { $0.isTold }.map { $0.alert }
            let alerts: [Alert] =
                try findings + jobAlerts(words, at: now, in: tx) + diskAlerts(in: tx)
            return (alerts, try AlertsTable.allOpen(in: tx).map(\.id))
        }
        for alert in found { host.alerts.open(alert) }
        let ids = Set(found.map(\.id))
        for id in open where !ids.contains(id) && Self.ownIDs.contains(where: { id.hasPrefix($0) }) {
            host.alerts.close(id)
        }
    }

    /// One for each machine, by whatever its processes see: this one knows its own disk alone.
    private func diskAlerts(in tx: any ReadTransaction) throws -> [Alert] {
        let others = try NodeSightingsTable.alive(without: host.messaging.owner, in: tx)
        return others.union([disk()?.sighting].compactMap(\.self)).scarceDisks.map { machine, megabytes, isNearlyFull in
            Alert(
                id: "host.disk." + machine, severity: isNearlyFull ? .bad : .warning, word: "alert.disk",
                arguments: ["free": "\(megabytes) MB", "node": machine], href: "/admin/jobs")
        }
    }

    /// Jobs that fail again and again, and repeating ones whose turn did not come. The routes of alerts have an alert
    /// of their own, which the other routes tell.
    private func jobAlerts(
        _ words: any TemplateWords, at now: Timestamp, in tx: any ReadTransaction
    ) throws -> [Alert] {
        let routes = Dictionary(
            AlertTelling(host).routes.map { ($0.jobKind, $0.id) }, uniquingKeysWith: { first, _ in first })
        let declared = Set(host.jobsAtWork.map(\.kind))
        // While the watch itself was away, nobody worked: after a stop the others have their turn first.
        let lastLook = try JobsTable.repeating(in: tx).first { $0.kind == Self.kind }?.lastFinishedAt
        let wasAway = lastLook.map { now - $0 > Job.patience } ?? true
        let jobs = try JobsTable.troubled(
            kinds: declared.sorted(), failedSince: now - .days(1),
            overdueBefore: wasAway ? Timestamp(milliseconds: 0) : now - Job.patience, in: tx)
        let failing = try Set(AlertRoutesTable.all(in: tx).filter { $0.lastError != nil }.map(\.route))
        // A job that tells its own trouble has opened an alert of its name.
        let told = Set(try AlertsTable.allOpen(in: tx).map(\.id))
        var alerts: [String: Alert] = [:]
        for job in jobs where !told.contains(job.kind) {
            if let route = routes[job.kind] {
                // It may have told since then.
                guard failing.contains(route) else { continue }
                alerts[route] = Alert(
                    id: "host.alert_route." + route, severity: .warning, word: "alert.route_fails",
                    arguments: ["route": words.text("alert.route." + route)], href: "/admin/settings/alerts")
            } else {
                let isOverdue = job.lastError == nil
                alerts[job.kind] = Alert(
                    id: "host.job." + job.kind, severity: .warning,
                    word: isOverdue ? "alert.job_overdue" : "alert.job_fails",
                    arguments: ["job": JobWords(words).name(job.kind)], href: "/admin/jobs")
            }
        }
        return alerts.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Recounts the seals over all consents: evidence that was changed afterwards proves nothing.
    private func verifyConsents() throws {
        let count = try ConsentVerification(keys: host.keys).run(on: host.database).findings.count
        guard count > 0 else { return host.alerts.close("host.consents") }
        host.alerts.open(
            Alert(
                id: "host.consents", severity: .bad, word: "alert.consents", arguments: ["count": String(count)],
                href: "/admin/contacts"))
    }
}
