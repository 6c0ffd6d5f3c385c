import Core
import Database
import Messaging
import PluginKit
import SQL
import Store

/// Tells the routes what has been opened and closed: at once, then daily while it is open, and when it is over.
///
/// All that is new goes into one notice; each route gets it as a job of its own, tried again by the jobs' back-off.
struct AlertTelling: Sendable {
    /// Beyond it the next notice waits, and then holds all that has come together.
    private static let most = ThrottlesTable.Rule(limit: 6, window: .hours(1))
    private static let repeated = Timestamp.Span.days(1)

    private let host: Host

    init(_ host: Host) { self.host = host }

    var routes: [any AlertRoute] { [EmailAlerts(host), WebhookAlerts(host), WhatsAppAlerts(host)] }

    var jobs: [JobDeclaration] {
        [
            JobDeclaration(kind: AlertDesk.tellingJob, every: .minutes(1), runsWhileHeld: true) { [self] _ in
                try gather()
            }
        ]
            + routes.map { route in
                JobDeclaration(kind: route.jobKind, every: nil, runsWhileHeld: route.reachesOwnerAlone) { [self] run in
                    try deliver(run, by: route)
                }
            }
    }

    /// Whether a job of this kind is one of those that tell the owner.
    static func isTelling(_ kind: String) -> Bool { kind.hasPrefix("host.alert_") || kind == AlertDesk.tellingJob }

    /// Those that are set up; of a house that is held only such as reach its own people.
    private var openRoutes: [any AlertRoute] {
        let isHeld = host.instance.hold != nil
        return routes.filter { $0.isSetUp && (!isHeld || $0.reachesOwnerAlone) }
    }

    private func gather() throws {
        if try notice(for: openRoutes, deliver: Self.enqueue) != nil { host.messaging.wake(.jobs) }
    }

    /// Tells from this thread, while nobody does the work that would: by the routes that need no worker. One that
    /// fails has another try with the next worker.
    func tellWithoutJobs() throws {
        let routes = openRoutes.filter { !$0.needsWorker }
        guard let notice = try notice(for: routes, deliver: { _, _, _ in }) else { return }
        for route in routes {
            do throws(AlertRouteError) {
                try tell(notice, by: route)
            } catch {
                guard !error.isFinal else { continue }
                try host.database.write { tx in try Self.enqueue(notice, route, tx) }
            }
        }
    }

    /// All that is new, which counts as told from here on; nil when nothing is. While no route is set up nothing counts
    /// as told: the first one hears of all that is open.
    private func notice(
        for routes: [any AlertRoute],
        deliver: @escaping @Sendable (AlertNotice, any AlertRoute, any WriteTransaction) throws -> Void
    ) throws -> AlertNotice? {
        guard !routes.isEmpty else { return nil }
        let isHeld = host.instance.hold != nil
        let now = host.clock.now()
        guard try host.database.read({ tx in try !Self.untold(isHeld, at: now, in: tx).isEmpty }) else { return nil }
        return try host.database.write { tx in
            guard case .pass = try ThrottlesTable.peek("alerts", by: Self.most, now: now, in: tx) else { return nil }
            let alerts = try Self.untold(isHeld, at: now, in: tx)
            guard !alerts.isEmpty else { return nil }
            _ = try ThrottlesTable.take("alerts", by: Self.most, now: now, in: tx)
            let notice = AlertNotice(id: ID.make(at: now), at: now, items: alerts.map(AlertNotice.Item.init))
            for alert in alerts { try AlertsTable.setTold(alert, at: now, in: tx) }
            for route in routes { try deliver(notice, route, tx) }
            return notice
        }
    }

    private static func enqueue(_ notice: AlertNotice, _ route: any AlertRoute, _ tx: any WriteTransaction) throws {
        try JobsTable.enqueue(route.jobKind, payload: notice.payload, due: notice.at, at: notice.at, in: tx)
    }

    /// - Parameter isHeld: a copy says once that it is one, and nothing else: what it found is the original's to tell.
    private static func untold(
        _ isHeld: Bool, at now: Timestamp, in tx: any ReadTransaction
    ) throws -> [StoredAlert] {
        let alerts = try AlertsTable.untold(repeatingBefore: now - repeated, at: now, in: tx)
        guard isHeld else { return alerts }
        return alerts.filter { $0.id == HouseFindings.heldID && $0.told == nil && $0.closedAt == nil }
    }

    private func deliver(_ run: JobRun, by route: any AlertRoute) throws {
        // Taken out of the settings in the meantime: nobody is to be told this way any more.
        guard route.isSetUp else { return }
        do throws(AlertRouteError) {
            try tell(AlertNotice(payloadOf: run), by: route)
        } catch {
            guard error.isFinal else { throw error }
            throw JobFailure(.never, message: error.description)
        }
    }

    /// Tells by each route that is set up, for a person who asks; what came of it stands in `AlertRoutesTable`.
    /// - Returns: whether every route took it; nil when there is none.
    func test() -> Bool? {
        let routes = self.routes.filter(\.isSetUp)
        guard !routes.isEmpty else { return nil }
        let notice = AlertNotice.test(at: host.clock.now())
        var wentWell = true
        for route in routes {
            do throws(AlertRouteError) { try tell(notice, by: route) } catch { wentWell = false }
        }
        return wentWell
    }

    /// Tells, and writes down how it went.
    private func tell(_ notice: AlertNotice, by route: any AlertRoute) throws(AlertRouteError) {
        let result = Result { () throws(AlertRouteError) in try route.tell(notice) }
        let now = host.clock.now()
        let id = route.id
        do {
            try host.database.writeBatch { tx in
                switch result {
                case .success(let message): try AlertRoutesTable.went(id, message: message, at: now, in: tx)
                case .failure(let error):
                    try AlertRoutesTable.failed(id, error: error.description, at: now, in: tx)
                }
            }
        } catch {
            host.log.error("alert route not written down", ["route": .text(id), "error": .error(error)])
        }
        _ = try result.get()
    }
}

extension AlertNotice {
    fileprivate init(payloadOf run: JobRun) throws(AlertRouteError) {
        do { try self.init(payload: run.payload) } catch {
            throw AlertRouteError(description: String(describing: error), isFinal: true)
        }
    }
}
