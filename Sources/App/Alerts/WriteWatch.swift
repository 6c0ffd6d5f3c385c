package import Core
import Database
package import SQL
import Store
import Synchronization

/// Sees whether the database can be written, and whether it is sound. Alerts, jobs and the ledger need it for their own
/// work, so this alone keeps what it knows in memory, and tells the routes from there: each process for itself, by its
/// name, for nowhere could they agree who tells.
///
///     fine ──look: cannot write──▶ failing ──10 s──▶ told ──look: could write──▶ fine, and told of it
///     (look)                       looks every second
///     fine ──a call met damage──▶ damaged, told, until the program is started anew (met)
package final class WriteWatch: Sendable {
    private struct State {
        /// Of the first look at which it could not be written; nil while it can.
        var since: Timestamp?
        /// What the latest call met; nil while the database can be written.
        var trouble: DatabaseTrouble?
        var damagedSince: Timestamp?
        var told: [Condition: Told] = [:]
        var failure = RepeatedFailure()
        var damage = RepeatedFailure()
    }

    private enum Condition {
        case failing, damaged

        var id: String { self == .failing ? "host.database" : "host.database_damaged" }
        var word: String { self == .failing ? "alert.database" : "alert.database_damaged" }

        /// What is told of it, in this process's name.
        func item(
            _ state: AlertNotice.State, of host: Host, since: Timestamp, closedAt: Timestamp? = nil
        ) -> AlertNotice.Item {
            AlertNotice.Item(
                id: id, severity: "bad", state: state, word: word, arguments: ["node": host.node.name],
                href: "/admin/doctor", openedAt: since, closedAt: closedAt)
        }
    }

    /// The routes that have been told, and are to hear when it is over.
    private struct Told {
        var routes: Set<String> = []
        var lastTry: Timestamp?
    }

    /// A failure as short as this may pass by itself.
    private static let patience = Timestamp.Span.seconds(10)
    /// A route that could not be told is tried again after this.
    private static let pause = Timestamp.Span.minutes(1)

    private let clock: any Clock
    private let log: Log
    private let attempt: @Sendable () throws -> Void
    private let state = Mutex(State())
    private let wake = Mutex<@Sendable () -> Void>({})

    /// - Parameter attempt: writes something for good, or throws.
    package init(clock: any Clock, log: Log, attempt: @escaping @Sendable () throws -> Void) {
        self.clock = clock
        self.log = log
        self.attempt = attempt
    }

    /// Since when it cannot be written; nil while it can.
    package var failsSince: Timestamp? { state.withLock { $0.since } }
    /// What keeps it from being written, where the engine told.
    package var trouble: DatabaseTrouble? { state.withLock { $0.trouble } }
    /// Since when parts of the file are known to be damaged.
    package var damagedSince: Timestamp? { state.withLock { $0.damagedSince } }

    /// - Parameter wake: has `look` called soon.
    package func onTrouble(_ wake: @escaping @Sendable () -> Void) { self.wake.withLock { $0 = wake } }

    /// A call on the database came to nothing. What is behind it shows at the next look, which is soon.
    package func met(_ error: DatabaseError) {
        let now = clock.now()
        let isUrgent = state.withLock { state in
            guard error.kind == .corrupt else { return state.since == nil }
            if state.damage.isToBeSaid(error, at: clock.sinceBoot()) {
                log.error("database is damaged", ["error": .error(error)])
            }
            defer { state.damagedSince = state.damagedSince ?? now }
            return state.damagedSince == nil
        }
        if isUrgent { wake.withLock { $0 }() }
    }

    /// One look: every half minute, every second while it cannot be written, and whenever somebody asks.
    /// - Returns: when to look again, where that is soon.
    @discardableResult
    package func look(telling host: Host) -> Timestamp? {
        let failure: (any Error)?
        do {
            try attempt()
            failure = nil
        } catch {
            failure = error
        }
        let now = clock.now()
        let former = state.withLock { state in
            defer {
                state.since = failure == nil ? nil : state.since ?? now
                state.trouble = (failure as? DatabaseError)?.trouble
            }
            return state.since
        }
        if let failure {
            if state.withLock({ $0.failure.isToBeSaid(failure, at: clock.sinceBoot()) }) {
                log.error("database cannot be written", ["error": .error(failure)])
            }
            if let former, now - former >= Self.patience { tell(.failing, host, former, now) }
        } else if let former {
            state.withLock { $0.failure = RepeatedFailure() }
            log.info("database can be written again")
            host.workforce.wakeAll()
            tellOver(host, since: former, at: now)
        }
        if let since = damagedSince { tell(.damaged, host, since, now) }
        return failure == nil ? nil : now + .seconds(1)
    }

    /// Opens the alert with every route that has not heard of it.
    private func tell(_ condition: Condition, _ host: Host, _ since: Timestamp, _ now: Timestamp) {
        let known = state.withLock { state -> Set<String>? in
            let told = state.told[condition, default: Told()]
            if let last = told.lastTry, now - last < Self.pause { return nil }
            state.told[condition, default: told].lastTry = now
            return told.routes
        }
        guard let known else { return }
        let item = condition.item(.opened, of: host, since: since)
        for route in AlertTelling(host).routes where route.isSetUp && !known.contains(route.id) {
            guard tell(item, by: route, at: now) else { continue }
            state.withLock { state in _ = state.told[condition]?.routes.insert(route.id) }
        }
    }

    private func tellOver(_ host: Host, since: Timestamp, at now: Timestamp) {
        let told = state.withLock { state in
            state.told.removeValue(forKey: .failing)?.routes ?? []
        }
        let item = Condition.failing.item(.closed, of: host, since: since, closedAt: now)
        for route in AlertTelling(host).routes where route.isSetUp && told.contains(route.id) {
            _ = tell(item, by: route, at: now)
        }
    }

    private func tell(_ item: AlertNotice.Item, by route: any AlertRoute, at now: Timestamp) -> Bool {
        do throws(AlertRouteError) {
            _ = try route.tell(AlertNotice(id: ID.make(at: now), at: now, items: [item]))
            return true
        } catch {
            log.error("alert not told", ["route": .text(route.id), "error": .error(error)])
            return false
        }
    }
}
