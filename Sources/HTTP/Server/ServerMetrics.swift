import Synchronization

/// What the server has done and is doing, at one moment.
package struct ServerMetrics: Sendable, Equatable {
    /// Responses by class: `responses[2]` counts 2xx since the start.
    package var responses: [Int]
    package var openConnections: Int
    /// Requests with a handler.
    package var inFlight: Int
    /// How many handlers can be at work at once.
    package var workers: Int
    /// Connections and requests that the server itself turned away, for their form, their size or lack of room.
    package var refused: Int
}

/// The counters behind `ServerMetrics`, touched by every thread of the server.
final class ServerCounters: Sendable {
    private let informational = Atomic(0)
    private let successes = Atomic(0)
    private let redirections = Atomic(0)
    private let clientErrors = Atomic(0)
    private let serverErrors = Atomic(0)
    let openConnections = Atomic(0)
    let inFlight = Atomic(0)
    let refused = Atomic(0)

    func count(_ status: Status) {
        switch status.rawValue / 100 {
        case 1: informational.add(1, ordering: .relaxed)
        case 2: successes.add(1, ordering: .relaxed)
        case 3: redirections.add(1, ordering: .relaxed)
        case 4: clientErrors.add(1, ordering: .relaxed)
        default: serverErrors.add(1, ordering: .relaxed)
        }
    }

    func value(workers: Int) -> ServerMetrics {
        ServerMetrics(
            responses: [
                0, informational.load(ordering: .relaxed), successes.load(ordering: .relaxed),
                redirections.load(ordering: .relaxed), clientErrors.load(ordering: .relaxed),
                serverErrors.load(ordering: .relaxed),
            ],
            openConnections: openConnections.load(ordering: .relaxed),
            inFlight: inFlight.load(ordering: .relaxed), workers: workers,
            refused: refused.load(ordering: .relaxed))
    }
}
