import Core
import Database
import Store
import Synchronization

/// A dispatcher's turn while nothing may leave, because this may be a copy of the shop's database: every message that
/// is due is told why it waits, once.
final class HeldTurn: Sendable {
    /// A message that was planned just before a turn may be committed after it.
    private static let overlap = Timestamp.Span.minutes(1)

    private let context: MessagingContext
    /// What was due before this is told.
    private let told = Mutex(Timestamp(milliseconds: 0))

    init(_ context: MessagingContext) { self.context = context }

    /// - Returns: whether there is more to tell.
    func run() throws -> Bool {
        let now = context.clock.now()
        let since = told.withLock { $0 }
        let count = try context.database.writeBatch { tx in
            try OverdueMessages.explain(dueAfter: since, by: now, in: tx)
        }
        if count > 0 { return true }
        told.withLock { $0 = now - Self.overlap }
        return false
    }
}
