import Core
import Crypto
import Domain
import SQL
import Store

/// How a shop's note to a customer comes in: once, by whichever road it comes first.
enum NoteReception {
    /// What the id of a note begins with that was told without one.
    private static let byText = "text-"

    /// Notes that it happened, unless it is known.
    /// - Returns: whether it is new.
    /// - Throws: `OrderNotKnown`; the order may be on its way.
    static func receive(_ note: OrderNote, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        guard let order = try OrdersTable.known(shop: note.shop, externalID: note.orderID, in: tx) else {
            throw OrderNotKnown(id: note.orderID)
        }
        let id = note.noteID ?? byText + Array(SHA256.hash(note.text).prefix(8)).hex
        let isKnown = try EventsTable.all(of: order.stored.id, in: tx).contains { event in
            guard case .note(let known, let text) = event.kind else { return false }
            // One with an id and one without are the same when they say the same.
            return known == id || text == note.text && (note.noteID == nil || known.hasPrefix(byText))
        }
        if isKnown { return false }
        let event = OrderEvent(
            id: ID.make(at: now), orderID: order.stored.id, kind: .note(noteID: id, text: note.text), at: now)
        try EventsTable.add(event, in: tx)
        return true
    }
}

/// Something is said of an order that nobody has told us of.
struct OrderNotKnown: Error, CustomStringConvertible {
    let id: String

    var description: String { "order \(id) is not known yet" }
}
