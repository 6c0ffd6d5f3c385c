import SQL

extension Migration {
    /// What shops tell besides orders: their products, their coupons, and which of their accounts is whose; and of an
    /// order the way of paying in the shop's own words.
    static let shop = Migration(
        6, "shop",
        common: [
            """
            CREATE TABLE products (
                id INTEGER PRIMARY KEY,
                shop TEXT NOT NULL,
                external_id TEXT NOT NULL,
                parent_external_id TEXT,
                updated_at INTEGER NOT NULL,
                name TEXT NOT NULL,
                permalink TEXT,
                image_url TEXT,
                price_minor INTEGER,
                price_currency TEXT,
                stock_status TEXT NOT NULL,
                stock_quantity INTEGER,
                status TEXT NOT NULL,
                removed_at INTEGER,
                UNIQUE (shop, external_id)
            ) STRICT
            """,
            "CREATE INDEX products_removed ON products (removed_at) WHERE removed_at IS NOT NULL",
            """
            CREATE TABLE coupons (
                id INTEGER PRIMARY KEY,
                shop TEXT NOT NULL,
                external_id TEXT NOT NULL,
                updated_at INTEGER NOT NULL,
                code TEXT NOT NULL,
                type TEXT NOT NULL,
                amount TEXT NOT NULL,
                usage_count INTEGER NOT NULL,
                usage_limit INTEGER,
                expires_at INTEGER,
                email_restrictions INTEGER NOT NULL,
                status TEXT NOT NULL,
                removed_at INTEGER,
                UNIQUE (shop, external_id)
            ) STRICT
            """,
            "CREATE INDEX coupons_by_code ON coupons (code, id)",
            "CREATE INDEX coupons_removed ON coupons (removed_at) WHERE removed_at IS NOT NULL",
            """
            CREATE TABLE contact_accounts (
                shop TEXT NOT NULL,
                external_id TEXT NOT NULL,
                contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
                updated_at INTEGER NOT NULL,
                PRIMARY KEY (shop, external_id)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX contact_accounts_by_contact ON contact_accounts (contact_id)",
            "ALTER TABLE orders ADD COLUMN payment_method_title TEXT",
        ])
}
