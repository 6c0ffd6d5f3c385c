import Core
import Domain
import SQL
import Store

/// Contacts, accounts and consents.
enum PeopleRaces {
    private static let ana = ContactDetails(firstName: "Ana")

    static let all: [RaceCase] = [
        RaceCase("a phone makes a contact") { turn, tx in
            let before = try ContactsTable.find(phone: turn.phone, in: tx)
            _ = try ContactsTable.reach(
                PersonKey(phone: turn.phone), details: ana, weight: .replaces, at: Host.now, in: tx)
            return before == nil
        } kept: {
            [("SELECT count(*) FROM contacts", $0)]
        },
        RaceCase("a phone and a BSUID that come apart and together make one contact") { turn, tx in
            let key =
                turn.side == 0
                ? PersonKey(phone: turn.phone, bsuid: turn.name("US")) : PersonKey(phone: turn.phone)
            let before = try ContactsTable.find(phone: turn.phone, in: tx)
            _ = try ContactsTable.reach(key, details: ana, weight: .replaces, at: Host.now, in: tx)
            return before == nil
        } kept: { rounds in
            [
                ("SELECT count(*) FROM contacts", rounds),
                ("SELECT count(*) FROM contacts WHERE bsuid IS NOT NULL", rounds),
            ]
        },
        RaceCase("a contact is edited in the version that was read") { host, rounds, tx in
            for round in 0..<rounds {
                _ = try ContactsTable.reach(
                    PersonKey(phone: RaceCase.turn(round, host).phone), details: ana, weight: .replaces, at: Host.now,
                    in: tx)
            }
        } part: { turn, tx in
            guard var contact = try ContactsTable.find(phone: turn.phone, in: tx) else { return false }
            // What the form was filled from, whenever it is sent.
            contact.version = 1
            contact.lastName = "\(turn.side)"
            guard case .done = try ContactsTable.update(contact, at: Host.now, in: tx) else { return false }
            return true
        },
        RaceCase("an account of the shop makes a contact") { turn, tx in
            let customer = ShopCustomer(
                shop: "woocommerce", externalID: turn.name("7"), updatedAt: Host.now, firstName: "Ana",
                lastName: "Pérez", email: nil, phone: turn.phone, country: "US", locale: "es")
            let before = try ContactsTable.find(phone: turn.phone, in: tx)
            try CustomerReception.receive(IncomingCustomer(customer, phone: turn.phone), at: Host.now, in: tx)
            return before == nil
        } kept: { rounds in
            [("SELECT count(*) FROM contacts", rounds), ("SELECT count(*) FROM contact_accounts", rounds)]
        },
        RaceCase("a consent that waited for its order is bound") { _, rounds, tx in
            for round in 0..<rounds {
                let said = ConsentStatement(purpose: .orders, action: .grant, at: Host.now, source: "checkout")
                try PendingConsentsTable.hold(
                    [said], shop: "woocommerce", orderID: "o-\(round)", key: "wc_order_k", at: Host.now, in: tx)
            }
        } part: { turn, tx in
            let incoming = IncomingOrder(
                .sample(turn.name("o")), phone: .number(turn.phone), arrival: ID.make(at: Host.now))
            let reception = OrderReception(keys: turn.host.keys, window: .hours(24))
            return try !reception.receive(incoming, at: Host.now, in: tx).consents.isEmpty
        } kept: { rounds in
            [("SELECT count(*) FROM consents", rounds), ("SELECT count(*) FROM pending_consents", 0)]
        },
        RaceCase("a consent is sealed") { turn, tx in
            let sealer = ConsentSealer(keys: turn.host.keys)
            let contact = try ContactsTable.reach(
                PersonKey(phone: turn.phone), details: ana, weight: .fillsGaps, at: Host.now, in: tx)
            let said = ConsentStatement(purpose: .orders, action: .grant, at: Host.now, source: "checkout")
            _ = try Consents(keys: turn.host.keys).record(said, by: contact, at: Host.now, in: tx)
            // Both go by the name of one program, so both hold the lease.
            _ = try sealer.step(owner: "node", in: tx)
            return turn.side == 0
        } kept: { rounds in
            [
                ("SELECT count(*) FROM consent_seals", 2 * rounds),
                ("SELECT count(DISTINCT consent_id) FROM consent_seals", 2 * rounds),
                ("SELECT count(DISTINCT previous) FROM consent_seals", 2 * rounds),
            ]
        },
    ]
}
