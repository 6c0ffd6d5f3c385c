import Synchronization

/// Work that was claimed and could not be done because the database was out of order: done first in the next turn,
/// rather than when its claim ends. A claim that somebody else has taken meanwhile does nothing any more.
final class ClaimedWork<Item: Sendable>: Sendable {
    private let left = Mutex<[Item]>([])

    /// Does what was left, or claims more when nothing was. What `work` throws ends the turn.
    func turn(claiming claim: () throws -> [Item], _ work: (Item) throws -> Void) throws {
        let left = left.withLock { items in
            defer { items = [] }
            return items
        }
        let items = left.isEmpty ? try claim() : left
        for (place, item) in items.enumerated() {
            do {
                try work(item)
            } catch {
                self.left.withLock { $0 += items[place...] }
                throw error
            }
        }
    }
}
