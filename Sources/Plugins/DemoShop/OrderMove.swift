import Core
import Domain
import Templating

/// What can be done to an order from behind the counter, the usual next steps first. The raw values are those of
/// `orders.rules`.
enum OrderMove: String, CaseIterable, Sendable {
    case processing, completed, shipped
    case partialRefund = "partial_refund"
    case refunded, cancelled, failed
    case onHold = "on-hold"
    case pending

    /// What the desk calls it.
    var word: Word {
        switch self {
        case .shipped, .partialRefund: Word("demoshop.move.\(rawValue)")
        default: Word("order.status.\(rawValue)")
        }
    }

    /// The order after it; nil where it would change nothing.
    func applied(to order: Order, at now: Timestamp) -> Order? {
        var moved = order
        moved.updatedAt = max(now, order.updatedAt)
        let rest = order.total.minorUnits - order.refunds.reduce(0) { $0 + $1.amount.minorUnits }
        switch self {
        case .pending, .onHold, .processing, .completed, .cancelled, .failed:
            moved.status = rawValue
        case .refunded:
            moved.status = rawValue
            if rest > 0 { moved.refund(rest) }
        case .shipped where order.trackingNumber == nil:
            moved.trackingNumber = "MS\(order.number)ES"
            // The shop's own page of the order says where it is.
            moved.trackingURL = order.paymentURL
        case .partialRefund where rest > 1:
            moved.refund(rest / 2)
        case .shipped, .partialRefund:
            return nil
        }
        let isOther = moved.status != order.status || moved.refunds != order.refunds
        return isOther || moved.trackingNumber != order.trackingNumber ? moved : nil
    }
}

extension Order {
    fileprivate mutating func refund(_ minorUnits: Int64) {
        refunds.append(
            Refund(
                externalID: "\(externalID)-\(refunds.count + 1)",
                amount: Money(minorUnits: minorUnits, currency: total.currency)))
    }

    /// Whether the customer still owes the money.
    var isUnpaid: Bool { ["pending", "on-hold", "failed"].contains(status) }
}
