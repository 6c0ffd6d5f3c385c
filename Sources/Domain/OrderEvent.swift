package import Core

/// Something that happened to an order, found by comparing what the shop says now with what it said before.
/// It is stored in the transaction that stores the order and worked once, outside any transaction.
package struct OrderEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// First sight in a status that counts.
        case placed
        /// The status became another, or the order was first seen in this status.
        case status(String)
        /// A date of payment appeared or the status became one of the paid ones.
        case paid
        /// A tracking number or link appeared.
        case shipped
        /// A further tracking number appeared, or the one there was became another: a parcel more.
        case parcel(number: String)
        /// A refund appeared while the order is not wholly refunded.
        case partialRefund(refundID: String)
        /// The shop wrote a note to the customer.
        case note(noteID: String, text: String)
    }

    package var id: ID
    package var orderID: ID
    package var kind: Kind
    package var at: Timestamp

    package init(id: ID, orderID: ID, kind: Kind, at: Timestamp) {
        self.id = id
        self.orderID = orderID
        self.kind = kind
        self.at = at
    }

    /// The word by which a rule names this event: a status, or `placed`, `paid`, `shipped`, `partial_refund`,
    /// `customer_note`, as `orders.rules` names it.
    package var ruleStatus: String {
        switch kind {
        case .placed: "placed"
        case .status(let status): status
        case .paid: "paid"
        case .shipped, .parcel: "shipped"
        case .partialRefund: "partial_refund"
        case .note: "customer_note"
        }
    }
}
