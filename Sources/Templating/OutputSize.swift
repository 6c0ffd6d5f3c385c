import Synchronization

/// How large the last renderings of a template were, so that the next one has its room at once.
final class OutputSize: Sendable {
    /// Larger pages are rare, and their room should not be kept for small ones.
    private static let limit = 1 << 20

    private let size = Atomic(256)

    var expected: Int { size.load(ordering: .relaxed) }

    /// A little more than the largest of late; it shrinks slowly when pages do.
    func note(_ count: Int) {
        let before = expected
        let wanted = count + count / 8 + 64
        let next = wanted >= before ? wanted : before - (before - wanted) / 16
        if next != before { size.store(min(next, Self.limit), ordering: .relaxed) }
    }
}
