import Core
import Domain
import Templating

/// What a shop told of an order, as sentences.
struct OrderHistory {
    private let words: any TemplateWords

    init(_ words: any TemplateWords) { self.words = words }

    /// The oldest first.
    func sentences(_ events: [OrderEvent], of order: Order) -> [TrailLine] {
        var before: String?
        return events.map { event in
            defer { if case .status(let status) = event.kind { before = status } }
            return TrailLine(at: event.at, text: words.text(word(event.kind, before: before, order)))
        }
    }

    private func word(_ kind: OrderEvent.Kind, before: String?, _ order: Order) -> Word {
        switch kind {
        case .placed: return Word("order.history_placed")
        case .paid: return Word("order.history_paid")
        case .shipped: return Word("order.history_shipped")
        case .parcel(let number): return Word("order.history_parcel", ["number": .text(number)])
        case .note: return Word("order.history_note")
        case .partialRefund(let refundID):
            guard let refund = order.refunds.first(where: { $0.externalID == refundID }) else {
                return Word("order.history_refunded")
            }
            return Word("order.history_refund", ["amount": .money(refund.amount)])
        case .status(let status):
            let to = WordArgument.text(MessageWords(words).orderEvent(status))
            guard let before else { return Word("order.history_seen", ["status": to]) }
            return Word("order.history_status", ["from": .text(MessageWords(words).orderEvent(before)), "to": to])
        }
    }
}
