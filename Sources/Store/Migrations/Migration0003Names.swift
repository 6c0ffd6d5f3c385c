package import SQL

extension Migration {
    /// Keys to find people by: the last name of a contact, and the customer's name of an order without a contact.
    package static let names = Migration(
        3, "names",
        common: [
            "ALTER TABLE contacts ADD COLUMN last_name_key TEXT NOT NULL DEFAULT ''",
            "UPDATE contacts SET last_name_key = lower(last_name)",
            "CREATE INDEX contacts_by_last_name ON contacts (last_name_key, id)",
            "ALTER TABLE orders ADD COLUMN name_key TEXT NOT NULL DEFAULT ''",
            "UPDATE orders SET name_key = lower(trim(first_name || ' ' || last_name))",
            "CREATE INDEX orders_by_name ON orders (name_key, id)",
        ])
}
