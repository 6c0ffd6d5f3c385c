package import Core
import Database
package import Domain
import PluginKit
package import SQL
package import Store
import Text

/// The one road by which orders enter the house, whoever brings them: webhook, API, poll, or the demo shop.
package struct OrderDesk: Sendable {
    /// Why messages of an order are cancelled whose phone was changed to one that cannot be messaged.
    package static let phoneUnusable = "reason.order_phone_unusable"

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
        try readdress(receipt, at: now, in: tx)
        if let order = receipt.order, let contact = order.contactID {
            let desk = ConsentDesk(context)
            for recorded in receipt.consents { try desk.act(on: recorded, of: contact, in: tx) }
        }
        return receipt
    }

    /// Parcels that the shop tells apart from their order: the order as it is known, with these.
    /// - Returns: nil where there is no such order.
    package func receiveParcels(
        _ numbers: [String], url: String?, shop: String, externalID: String, in tx: any WriteTransaction
    ) throws -> OrderReceipt? {
        guard let known = try OrdersTable.find(shop: shop, externalID: externalID, in: tx), !known.isRemoved else {
            return nil
        }
        var order = known.order
        order.trackingNumber = numbers.isEmpty ? nil : numbers.joined(separator: ", ")
        order.trackingURL = url
        let phone = try known.contactID.flatMap { try ContactsTable.find($0, in: tx)?.phone }
        let incoming = IncomingOrder(
            order, phone: phone.map { .number($0) } ?? .problem(known.phoneProblem ?? ""),
            arrival: ID.make(at: context.clock.now()))
        return try receive(incoming, in: tx)
    }

    /// What the order still has to say goes to whom its phone names now, and to nobody where it names none.
    private func readdress(_ receipt: OrderReceipt, at now: Timestamp, in tx: any WriteTransaction) throws {
        guard let order = receipt.order else { return }
        let reason = Self.phoneUnusable
        switch (receipt.formerContactID, order.contactID) {
        case (_?, let contact?): try LedgerUpkeep.readdress(.order, order.id, to: contact, at: now, in: tx)
        case (_?, nil):
            let stopped = try LedgerUpkeep.cancelAll(of: .order, order.id, reason: reason, at: now, in: tx)
            context.announceStopped(stopped, after: tx)
        case (nil, let contact?) where receipt.hasFoundContact:
            try LedgerUpkeep.revive(.order, order.id, cancelledFor: reason, to: contact, at: now, in: tx)
        case (nil, _): break
        }
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
