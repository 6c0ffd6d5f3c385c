import Core
import Database
import PluginKit
import SQL
import Store

/// Sees on a node that does not work itself that nobody else does either, while something is due. The jobs that would
/// notice and tell it do not run then, so this does.
package struct WorkersWatch {
    private let host: Host

    package init(_ host: Host) { self.host = host }

    /// One look. A worker that comes back closes the alert.
    package func look() throws {
        let now = host.clock.now()
        let findings = HouseFindings(host, host.siteWords)
        let found = try host.database.read { tx in try findings.workers(at: now, in: tx) }
        guard let alert = found.first?.alert else { return }
        host.alerts.open(alert)
        try AlertTelling(host).tellWithoutJobs()
    }
}
