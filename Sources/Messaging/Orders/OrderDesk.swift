package import Core
import Database
package import Domain
import PluginKit
package import SQL
package import Store
import Text

/// The one road by which orders enter the house, whoever brings them: webhook, API, poll, or the demo shop.
package struct OrderDesk: Sendable {
    private let context: MessagingContext
    private let window: @Sendable () -> Timestamp.Span

    /// - Parameter window: `orders.first_sight_window` as it stands.
    package init(_ context: MessagingContext, window: @escaping @Sendable () -> Timestamp.Span) {
        self.context = context
        self.window = window
    }

    /// What is done outside any transaction: the filters run, and the phone is read by the billing country, then the
    /// shipping country, then the site's.
    /// - Parameter arrival: the delivery's id, so that of equal times of change the later arrival wins.
    package func prepare(_ order: Order, consents: [ConsentStatement] = [], arrival: ID? = nil) -> IncomingOrder {
        let (order, _) = context.hooks.apply(Hooks.orderReceived, to: order)
        let customer = order.customer
        let phone = read(customer.phone, countries: [customer.country, customer.shippingCountry])
        return IncomingOrder(
            order, phone: phone, arrival: arrival ?? ID.make(at: context.clock.now()), consents: consents)
    }

    /// The phone of a customer's account is read as that of an order.
    package func prepare(_ customer: ShopCustomer) -> IncomingCustomer {
        switch read(customer.phone, countries: [customer.country, customer.shippingCountry]) {
        case .number(let number): IncomingCustomer(customer, phone: number)
        case .problem: IncomingCustomer(customer, phone: nil)
        }
    }

    private func read(_ phone: String, countries: [String?]) -> IncomingOrder.Phone {
        switch PhoneNumber.read(phone, countries: countries.compactMap { $0 } + [context.site().country]) {
        case .success(let number): .number(number.e164)
        case .failure(let problem): .problem(problem.id)
        }
    }

    /// Stores in the caller's transaction, and does to the person's messages what follows from it.
    package func receive(_ incoming: IncomingOrder, in tx: any WriteTransaction) throws -> OrderReceipt {
        let now = context.clock.now()
        let receipt = try OrderReception(keys: context.keys, window: window()).receive(incoming, at: now, in: tx)
        if let order = receipt.order, let contact = order.contactID {
            if receipt.formerContactID != nil {
                try LedgerUpkeep.readdress(.order, order.id, to: contact, at: now, in: tx)
            }
            let desk = ConsentDesk(context)
            for recorded in receipt.consents { try desk.act(on: recorded, of: contact, in: tx) }
        }
        return receipt
    }

    /// Receives one order on its own.
    @discardableResult package func receive(
        _ order: Order, consents: [ConsentStatement] = []
    ) throws -> OrderReceipt {
        let incoming = prepare(order, consents: consents)
        let receipt = try context.database.write { tx in try receive(incoming, in: tx) }
        announce(receipt)
        return receipt
    }

    /// After the commit: wakes those who work on what happened.
    package func announce(_ receipt: OrderReceipt) {
        if !receipt.events.isEmpty { context.wake(.events) }
        guard let contact = receipt.order?.contactID, !receipt.consents.isEmpty else { return }
        ConsentDesk(context).announce(receipt.said, by: contact)
    }
}
