package import Core
package import SQL

/// Which account of a shop is which contact.
package enum AccountsTable {
    /// The account itself said so.
    /// - Parameter updatedAt: when it last changed, by the shop's clock.
    static func link(
        shop: String, externalID: String, to contact: ID, updatedAt: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO contact_accounts (shop, external_id, contact_id, updated_at)
            VALUES (\(shop), \(externalID), \(contact), \(updatedAt))
            ON CONFLICT (shop, external_id) DO UPDATE
            SET contact_id = excluded.contact_id, updated_at = excluded.updated_at
            """)
    }

    /// An order of the account tells whose it is, as long as the account itself has said nothing.
    static func note(shop: String, externalID: String, is contact: ID, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO contact_accounts (shop, external_id, contact_id, updated_at)
            VALUES (\(shop), \(externalID), \(contact), 0)
            ON CONFLICT (shop, external_id) DO UPDATE SET contact_id = excluded.contact_id
            WHERE contact_accounts.updated_at = 0
            """)
    }

    /// The contact behind an account, or the one it was merged into; and when the account last changed.
    package static func find(
        shop: String, externalID: String, in tx: any ReadTransaction
    ) throws -> (contact: Contact, updatedAt: Timestamp)? {
        guard
            let row = try tx.first(
                """
                SELECT contact_id, updated_at FROM contact_accounts
                WHERE shop = \(shop) AND external_id = \(externalID)
                """), let contact = try ContactsTable.find(row.id(0), in: tx)
        else { return nil }
        return (contact, try row.time(1))
    }

    package static func remove(shop: String, externalID: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM contact_accounts WHERE shop = \(shop) AND external_id = \(externalID)")
    }
}
