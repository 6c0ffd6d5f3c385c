import Synchronization

/// Work that was claimed and could not be done because the database was out of order: done first in the next turn,
/// rather than when its claim ends. A claim that somebody else has taken meanwhile does nothing any more.
final class ClaimedWork<Item: Sendable>: Sendable {
    private let left = Mutex<[Item]>([])

    /// Does what was left, or claims more when nothing was. What `together` or `alone` throws ends the turn.
    /// - Parameters:
    ///   - together: does all of it with the statements of one, or some; returns what is left to do one by one.
    ///   - alone: does what could not be done with others, so that one item keeps no other back.
    func turn(
        claiming claim: () throws -> [Item], together: ([Item]) throws -> [Item], alone: (Item) throws -> Void
    ) throws {
        let left = left.withLock { items in
            defer { items = [] }
            return items
        }
        var rest = left.isEmpty ? try claim() : left
        do {
            rest = try together(rest)
            while let item = rest.first {
                try alone(item)
                rest.removeFirst()
            }
        } catch {
            self.left.withLock { $0 += rest }
            throw error
        }
    }
}
