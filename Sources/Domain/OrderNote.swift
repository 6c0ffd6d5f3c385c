/// What a shop wrote to an order's customer.
package struct OrderNote: Sendable, Equatable {
    package var shop: String
    /// The shop's own id of the order.
    package var orderID: String
    /// The shop's own id of the note; nil where it was told without one, and the words alone say which it is.
    package var noteID: String?
    /// Plain text.
    package var text: String

    package init(shop: String, orderID: String, noteID: String?, text: String) {
        self.shop = shop
        self.orderID = orderID
        self.noteID = noteID
        self.text = text
    }
}
