package import Core
package import Domain
package import SQL

/// A product in our table.
package struct StoredProduct: Sendable, Equatable {
    package var id: ID
    package var isRemoved: Bool
    package var product: ShopProduct
}

/// The products of all shops and their variations, each once per shop and the shop's id.
package enum ProductsTable {
    private static let columns: Query = """
        p.id, p.shop, p.external_id, p.parent_external_id, p.updated_at, p.name, p.permalink, p.image_url,
        p.price_minor, p.price_currency, p.stock_status, p.stock_quantity, p.status, p.removed_at
        """

    /// Stores the product unless something newer is known; of equal times the later call wins.
    package static func put(_ p: ShopProduct, at now: Timestamp, in tx: any WriteTransaction) throws {
        let removedAt = p.isTrashed ? now : nil
        try tx.run(
            """
            INSERT INTO products (id, shop, external_id, parent_external_id, updated_at, name, permalink, image_url,
                price_minor, price_currency, stock_status, stock_quantity, status, removed_at)
            VALUES (\(ID.make(at: now)), \(p.shop), \(p.externalID), \(p.parentID), \(p.updatedAt), \(p.name),
                \(p.permalink), \(p.imageURL), \(p.price?.minorUnits), \(p.price?.currency), \(p.stockStatus),
                \(p.stockQuantity), \(p.status), \(removedAt))
            ON CONFLICT (shop, external_id) DO UPDATE
            SET parent_external_id = excluded.parent_external_id, updated_at = excluded.updated_at,
                name = excluded.name, permalink = excluded.permalink, image_url = excluded.image_url,
                price_minor = excluded.price_minor, price_currency = excluded.price_currency,
                stock_status = excluded.stock_status, stock_quantity = excluded.stock_quantity,
                status = excluded.status, removed_at = excluded.removed_at
            WHERE products.updated_at <= excluded.updated_at
            """)
    }

    /// The shop deleted it. It stays for the orders that name it, until it is forgotten.
    package static func remove(
        shop: String, externalID: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE products SET removed_at = \(now)
            WHERE shop = \(shop) AND external_id = \(externalID) AND removed_at IS NULL
            """)
    }

    package static func forgetRemoved(before: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM products WHERE removed_at IS NOT NULL AND removed_at < \(before)")
    }

    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> StoredProduct? {
        try tx.first("SELECT \(columns) FROM products p WHERE p.id = \(id)").map(stored)
    }

    /// A shop's products by its own ids, removed ones too.
    package static func all(
        shop: String, externalIDs: Set<String>, in tx: any ReadTransaction
    ) throws -> [String: ShopProduct] {
        if externalIDs.isEmpty { return [:] }
        let products = try tx.rows(
            """
            SELECT \(columns) FROM products p
            WHERE p.shop = \(shop) AND p.external_id IN \(Query.list(externalIDs.sorted()))
            """
        ).map { try stored($0).product }
        return Dictionary(uniqueKeysWithValues: products.map { ($0.externalID, $0) })
    }

    /// The latest known first; without removed ones.
    package static func page(
        _ request: PageRequest, in tx: any ReadTransaction
    ) throws -> Page<StoredProduct> {
        var conditions: [Query] = ["p.removed_at IS NULL"]
        if let after = request.after { conditions.append("p.id < \(after.id)") }
        let products = try tx.rows(
            """
            SELECT \(columns) FROM products p WHERE \(Query.all(conditions))
            ORDER BY p.id DESC LIMIT \(request.limit + 1)
            """
        ).map(stored)
        return Page(products, for: request) { Cursor(id: $0.id) }
    }

    private static func stored(_ row: Row) throws -> StoredProduct {
        var price: Money?
        if let minor = try row.integerOrNil(8), let currency = try row.textOrNil(9) {
            price = Money(minorUnits: minor, currency: currency)
        }
        return StoredProduct(
            id: try row.id(0), isRemoved: try row.timeOrNil(13) != nil,
            product: ShopProduct(
                shop: try row.text(1), externalID: try row.text(2), parentID: try row.textOrNil(3),
                updatedAt: try row.time(4), name: try row.text(5), permalink: try row.textOrNil(6),
                imageURL: try row.textOrNil(7), price: price, stockStatus: try row.text(10),
                stockQuantity: try row.integerOrNil(11).map { Int($0) }, status: try row.text(12)))
    }
}
