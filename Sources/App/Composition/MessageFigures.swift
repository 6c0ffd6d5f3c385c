import Core
import Domain
import SQL
import Store

/// What the messages of a stretch of time came to, by when they were planned. A message that was read was also
/// delivered and sent, and counts as each.
enum MessageFigure: String, Sendable, CaseIterable {
    case sent, delivered, read, failed
    case notSent = "not_sent"

    var statuses: [MessageStatus] {
        switch self {
        case .sent: [.accepted, .sent, .delivered, .read]
        case .delivered: [.delivered, .read]
        case .read: [.read]
        case .failed: [.failed]
        case .notSent: [.suppressed, .cancelled]
        }
    }

    /// - Parameters:
    ///   - end: nil for all up to now.
    ///   - cap: beyond this it is not counted to the end.
    func count(
        from start: Timestamp, to end: Timestamp?, cap: Int = .max - 1, in tx: any ReadTransaction
    ) throws -> Int {
        var selection = MessagesTable.Selection(statuses: statuses)
        (selection.since, selection.before) = (start, end)
        return try MessagesTable.count(selection, limit: cap, in: tx)
    }
}
