package import Core
import Database
import Synchronization

/// Sees whether the database can be written. Alerts, jobs and the ledger need it for their own work, so this alone keeps
/// what it knows in memory, and tells the routes from there.
package final class WriteWatch: Sendable {
    private struct State {
        /// Of the first look at which it could not be written; nil while it can.
        var since: Timestamp?
        /// The routes that have been told, and are to hear when it is over.
        var told: Set<String> = []
    }

    private let attempt: @Sendable () throws -> Void
    private let clock: any Clock
    private let log: Log
    private let state = Mutex(State())

    /// - Parameter attempt: writes something for good, or throws.
    package init(clock: any Clock, log: Log, attempt: @escaping @Sendable () throws -> Void) {
        self.clock = clock
        self.log = log
        self.attempt = attempt
    }

    /// Since when it cannot be written; nil while it can.
    package var failsSince: Timestamp? { state.withLock { $0.since } }

    /// One look: every half minute, and whenever somebody asks.
    package func look(telling host: Host) {
        let failure: (any Error)?
        do {
            try attempt()
            failure = nil
        } catch {
            failure = error
        }
        let now = clock.now()
        let (former, told) = state.withLock { state in
            let former = state
            state.since = failure == nil ? nil : state.since ?? now
            if failure == nil { state.told = [] }
            return (former.since, former.told)
        }
        if let failure {
            log.error("database cannot be written", ["error": .error(failure)])
            // A single failure may pass by itself.
            guard let since = former else { return }
            for route in AlertTelling(host).routes where route.isSetUp && !told.contains(route.id) {
                guard tell(.opened, by: route, since: since, at: now) else { continue }
                state.withLock { state in if state.since != nil { _ = state.told.insert(route.id) } }
            }
        } else if let since = former {
            log.info("database can be written again", [:])
            for route in AlertTelling(host).routes where route.isSetUp && told.contains(route.id) {
                _ = tell(.closed, by: route, since: since, at: now)
            }
        }
    }

    private func tell(_ what: AlertNotice.State, by route: any AlertRoute, since: Timestamp, at now: Timestamp) -> Bool
    {
        let item = AlertNotice.Item(
            id: "host.database", severity: "bad", state: what, word: "alert.database", href: "/admin/doctor",
            openedAt: since, closedAt: what == .closed ? now : nil)
        do throws(AlertRouteError) {
            _ = try route.tell(AlertNotice(id: ID.make(at: now), at: now, items: [item]))
            return true
        } catch {
            log.error("alert not told", ["route": .text(route.id), "error": .error(error)])
            return false
        }
    }
}
