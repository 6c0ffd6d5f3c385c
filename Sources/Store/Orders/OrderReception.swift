package import Core
package import Domain
package import SQL

/// An order on its way in, with what was found out about it outside the transaction.
package struct IncomingOrder: Sendable {
    /// What reading the phone came to.
    package enum Phone: Sendable, Equatable {
        /// E.164 with `+`.
        case number(String)
        /// A word of the catalogue (`phone.tooShort`).
        case problem(String)
    }

    package var order: Order
    package var phone: Phone
    /// The delivery's id, or a fresh one for an order that a client or poll brings.
    package var arrival: ID
    /// Said at the checkout and sent with the order.
    package var consents: [ConsentStatement]

    package init(_ order: Order, phone: Phone, arrival: ID, consents: [ConsentStatement] = []) {
        self.order = order
        self.phone = phone
        self.arrival = arrival
        self.consents = consents
    }
}

/// What became of an order.
package struct OrderReceipt: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        case created, updated, stale, removed, ignored
    }

    package var outcome: Outcome
    /// As it stands now; nil only for an order that was ignored and not known before.
    package var order: StoredOrder?
    /// Whose the order was, where a changed phone made it somebody else's, or nobody's.
    package var formerContactID: ID?
    /// A corrected phone gave the order somebody who can be messaged.
    package var hasFoundContact = false
    package var events: [OrderEvent]
    /// What was put on record; the messages of that person are for the ledger to wake or stop, in this transaction.
    package var consents: [Consents.Recorded]
    /// The same as they were said: with the order, or before it and waiting for it.
    package var said: [ConsentStatement]
}

/// The one road by which orders come in: compare with what is known, store, find the person, bind the consents that
/// waited for the order, note what happened. All in the caller's transaction.
package struct OrderReception: Sendable {
    private let consents: Consents
    private let window: Timestamp.Span

    /// - Parameter window: `orders.first_sight_window`.
    package init(keys: HostKeys, window: Timestamp.Span) {
        consents = Consents(keys: keys)
        self.window = window
    }

    package func receive(
        _ incoming: IncomingOrder, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> OrderReceipt {
        let order = incoming.order
        let known = try OrdersTable.known(shop: order.shop, externalID: order.externalID, in: tx)
        let comparison = OrderComparison.of(
            order, arrival: incoming.arrival, known: known, now: now, window: window)
        switch comparison {
        case .ignored: return try unchanged(known, .ignored, incoming, at: now, in: tx)
        case .stale: return try unchanged(known, .stale, incoming, at: now, in: tx)
        case .removed:
            _ = try OrdersTable.setRemoved(true, shop: order.shop, externalID: order.externalID, in: tx)
            var gone = known
            gone?.stored.isRemoved = true
            return try unchanged(gone, .removed, incoming, at: now, in: tx)
        case .news(let kinds, let isBackfill):
            return try store(incoming, over: known, kinds: kinds, isBackfill: isBackfill, at: now, in: tx)
        }
    }

    private func store(
        _ incoming: IncomingOrder, over known: KnownOrder?, kinds: [OrderEvent.Kind], isBackfill: Bool,
        at now: Timestamp, in tx: any WriteTransaction
    ) throws -> OrderReceipt {
        let contact = try contact(of: incoming, isBackfill: isBackfill, at: now, in: tx)
        let order = incoming.order.withParcels(of: known?.stored.order)
        var problem: String?
        if case .problem(let word) = incoming.phone { problem = word }
        let stored = StoredOrder(
            id: known?.stored.id ?? ID.make(at: now), contactID: contact?.id, phoneProblem: problem,
            isRemoved: false, firstSeenAt: known?.stored.firstSeenAt ?? now, order: order)
        let new = KnownOrder(stored: stored, arrival: incoming.arrival)
        if known == nil { try OrdersTable.insert(new, in: tx) } else { try OrdersTable.update(new, in: tx) }
        let events = kinds.map { OrderEvent(id: ID.make(at: now), orderID: stored.id, kind: $0, at: now) }
        try EventsTable.add(events, in: tx)
        if let contact { try noteAccount(incoming.order, of: contact, in: tx) }
        let former = known?.stored.contactID
        let said =
            try contact == nil
            ? [] : PendingConsentsTable.take(for: incoming.order, now: now, in: tx) + incoming.consents
        return OrderReceipt(
            outcome: known == nil ? .created : .updated, order: stored,
            formerContactID: former == stored.contactID ? nil : former,
            hasFoundContact: known != nil && former == nil && contact != nil, events: events,
            consents: try record(said, by: contact, at: now, in: tx), said: said)
    }

    /// Nothing of the order changes; what was said with it still counts.
    private func unchanged(
        _ known: KnownOrder?, _ outcome: OrderReceipt.Outcome, _ incoming: IncomingOrder, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws -> OrderReceipt {
        let contact = try known?.stored.contactID.flatMap { try ContactsTable.find($0, in: tx) }
        return OrderReceipt(
            outcome: outcome, order: known?.stored, formerContactID: nil, events: [],
            consents: try record(incoming.consents, by: contact, at: now, in: tx), said: incoming.consents)
    }

    private func contact(
        of incoming: IncomingOrder, isBackfill: Bool, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Contact? {
        guard case .number(let phone) = incoming.phone else { return nil }
        let customer = incoming.order.customer
        let details = ContactDetails(
            phoneRaw: customer.phone, email: customer.email, firstName: customer.firstName,
            lastName: customer.lastName, locale: incoming.order.locale, country: customer.country)
        // An old order that is only recorded must not overwrite what a newer one told of the person.
        return try ContactsTable.reach(
            PersonKey(phone: phone), details: details, weight: isBackfill ? .fillsGaps : .replaces, at: now, in: tx)
    }

    /// A later word of the shop about this account then finds its person, even one without a phone.
    private func noteAccount(_ order: Order, of contact: Contact, in tx: any WriteTransaction) throws {
        guard let account = order.customer.externalID else { return }
        try AccountsTable.note(shop: order.shop, externalID: account, is: contact.id, in: tx)
    }

    private func record(
        _ said: [ConsentStatement], by contact: Contact?, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [Consents.Recorded] {
        guard let contact else { return [] }
        return try said.map { try consents.record($0, by: contact, at: now, in: tx) }
    }
}

extension Order {
    /// As it is stored: with the parcels that are known, where the shop keeps them beside the order.
    fileprivate func withParcels(of known: Order?) -> Order {
        var order = self
        order.keepsParcels = false
        if keepsParcels, trackingNumber == nil, trackingURL == nil, let known {
            order.trackingNumber = known.trackingNumber
            order.trackingURL = known.trackingURL
        }
        return order
    }
}
