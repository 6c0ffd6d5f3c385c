import Core
import Synchronization

/// Large counts of the overview, remembered for a minute. A shop with thousands of messages a week does not miss those
/// of the last seconds, and its overview stays as quick as a small shop's, whose counts are always fresh.
final class RememberedCounts: Sendable {
    private struct Kept {
        var count: Int
        var at: Timestamp
    }

    private static let memory = Timestamp.Span.minutes(1)
    /// A smaller one is counted in no time.
    private static let large = 1000

    private let kept = Mutex<[String: Kept]>([:])

    /// - Parameter name: the same for counts of which one may stand for the other.
    func count(_ name: String, at now: Timestamp, _ count: () throws -> Int) rethrows -> Int {
        if let known = kept.withLock({ $0[name] }), now >= known.at, now - known.at < Self.memory { return known.count }
        let fresh = try count()
        kept.withLock { $0[name] = fresh >= Self.large ? Kept(count: fresh, at: now) : nil }
        return fresh
    }
}
