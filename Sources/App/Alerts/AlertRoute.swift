import Core
import Store

/// A way to tell somebody of alerts.
protocol AlertRoute: Sendable {
    /// `email`, `webhook`, `whatsapp`: also the end of its job's kind and of its words.
    var id: String { get }
    /// Whether settings say enough to use it.
    var isSetUp: Bool { get }
    /// It reaches the people of the house and no program or customer: a copy of the shop may tell by it.
    var reachesOwnerAlone: Bool { get }
    /// Whether what it tells only leaves by a worker, as through the ledger.
    var needsWorker: Bool { get }
    /// Waits until it is told.
    /// - Returns: the message of the ledger that tells it, for a route that goes through the ledger.
    func tell(_ notice: AlertNotice) throws(AlertRouteError) -> ID?
}

/// Why a route did not tell: in words for the owner, without secrets.
struct AlertRouteError: Error, CustomStringConvertible {
    let description: String
    /// Trying again changes nothing until somebody does something.
    let isFinal: Bool
}

extension AlertRoute {
    var needsWorker: Bool { false }

    /// The kind of the job that tells by it.
    var jobKind: String { "host.alert_" + id }
}
