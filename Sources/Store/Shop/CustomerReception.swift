package import Core
package import Domain
package import SQL

/// A customer's account on its way in, with what was found out about it outside the transaction.
package struct IncomingCustomer: Sendable {
    package var customer: ShopCustomer
    /// E.164 with `+`; nil where the account has none that can be messaged.
    package var phone: String?

    package init(_ customer: ShopCustomer, phone: String?) {
        self.customer = customer
        self.phone = phone
    }
}

/// Takes over what the shop knows of a customer: it fills gaps of the contact and never replaces anything, and it is
/// no consent to anything. Without a phone it makes nobody known who was not known by the account already.
package enum CustomerReception {
    /// - Returns: the contact that it speaks of; nil where that is nobody, or something newer is known.
    @discardableResult package static func receive(
        _ incoming: IncomingCustomer, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Contact? {
        let customer = incoming.customer
        let known = try AccountsTable.find(shop: customer.shop, externalID: customer.externalID, in: tx)
        if let known, known.updatedAt > customer.updatedAt { return nil }
        let details = ContactDetails(
            phoneRaw: customer.phone, email: customer.email, firstName: customer.firstName,
            lastName: customer.lastName, locale: customer.locale, country: customer.country)
        let contact: Contact
        if let phone = incoming.phone {
            contact = try ContactsTable.reach(
                PersonKey(phone: phone), details: details, weight: .fillsGaps, at: now, in: tx)
        } else if let known {
            contact = try ContactsTable.fillGaps(of: known.contact, details, at: now, in: tx)
        } else {
            return nil
        }
        try AccountsTable.link(
            shop: customer.shop, externalID: customer.externalID, to: contact.id, updatedAt: customer.updatedAt,
            in: tx)
        return contact
    }
}
