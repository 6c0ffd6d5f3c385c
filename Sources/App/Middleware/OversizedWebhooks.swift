import Core
import Database
import HTTP
import SQL
import Store
import Synchronization

/// Counts webhooks that are refused for the size they declare. They are refused on the event loop, which must not
/// wait for the database: what was counted is written a little later.
final class OversizedWebhooks: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// Called for each request with a route, before its body comes.
    func look(at head: RequestHead, for route: Route) {
        let path = head.target.path
        guard path.hasPrefix("/hooks/"), case .length(let length) = head.framing, length > route.bodyLimit
        else { return }
        counts.withLock { $0[String(path.dropFirst("/hooks/".count)), default: 0] += 1 }
    }

    func write(to database: Database, at now: Timestamp) throws {
        let waiting = counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
        guard !waiting.isEmpty else { return }
        do {
            try database.writeBatch { tx in
                for (endpoint, count) in waiting {
                    try RefusalsTable.add(endpoint: endpoint, reason: "too_large", count: count, at: now, in: tx)
                }
            }
        } catch {
            counts.withLock { $0.merge(waiting, uniquingKeysWith: +) }
            throw error
        }
    }
}
