package import Core
package import Domain
package import SQL

/// A coupon in our table.
package struct StoredCoupon: Sendable, Equatable {
    package var id: ID
    package var isRemoved: Bool
    package var coupon: ShopCoupon
}

/// The coupons of all shops, each once per shop and the shop's id.
package enum CouponsTable {
    private static let columns: Query = """
        c.id, c.shop, c.external_id, c.updated_at, c.code, c.type, c.amount, c.usage_count, c.usage_limit,
        c.expires_at, c.email_restrictions, c.status, c.removed_at
        """

    /// Stores the coupon unless something newer is known; of equal times the later call wins: using a coupon does
    /// not change its date.
    package static func put(_ c: ShopCoupon, at now: Timestamp, in tx: any WriteTransaction) throws {
        let removedAt = c.isTrashed ? now : nil
        try tx.run(
            """
            INSERT INTO coupons (id, shop, external_id, updated_at, code, type, amount, usage_count, usage_limit,
                expires_at, email_restrictions, status, removed_at)
            VALUES (\(ID.make(at: now)), \(c.shop), \(c.externalID), \(c.updatedAt), \(c.code), \(c.type),
                \(c.amount), \(c.usageCount), \(c.usageLimit), \(c.expiresAt), \(c.emailRestrictions), \(c.status),
                \(removedAt))
            ON CONFLICT (shop, external_id) DO UPDATE
            SET updated_at = excluded.updated_at, code = excluded.code, type = excluded.type,
                amount = excluded.amount, usage_count = excluded.usage_count, usage_limit = excluded.usage_limit,
                expires_at = excluded.expires_at, email_restrictions = excluded.email_restrictions,
                status = excluded.status, removed_at = excluded.removed_at
            WHERE coupons.updated_at <= excluded.updated_at
            """)
    }

    /// The shop deleted it.
    package static func remove(
        shop: String, externalID: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE coupons SET removed_at = \(now)
            WHERE shop = \(shop) AND external_id = \(externalID) AND removed_at IS NULL
            """)
    }

    package static func forgetRemoved(before: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM coupons WHERE removed_at IS NOT NULL AND removed_at < \(before)")
    }

    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> StoredCoupon? {
        try tx.first("SELECT \(columns) FROM coupons c WHERE c.id = \(id)").map(stored)
    }

    /// The latest known first; without removed ones.
    /// - Parameter code: only coupons of this code, however it is typed.
    package static func page(
        _ request: PageRequest, code: String? = nil, in tx: any ReadTransaction
    ) throws -> Page<StoredCoupon> {
        var conditions: [Query] = ["c.removed_at IS NULL"]
        if let code { conditions.append("c.code = \(code.lowercased())") }
        if let after = request.after { conditions.append("c.id < \(after.id)") }
        let coupons = try tx.rows(
            """
            SELECT \(columns) FROM coupons c WHERE \(Query.all(conditions))
            ORDER BY c.id DESC LIMIT \(request.limit + 1)
            """
        ).map(stored)
        return Page(coupons, for: request) { Cursor(id: $0.id) }
    }

    private static func stored(_ row: Row) throws -> StoredCoupon {
        StoredCoupon(
            id: try row.id(0), isRemoved: try row.timeOrNil(12) != nil,
            coupon: ShopCoupon(
                shop: try row.text(1), externalID: try row.text(2), updatedAt: try row.time(3), code: try row.text(4),
                type: try row.text(5), amount: try row.text(6), usageCount: try row.int(7),
                usageLimit: try row.integerOrNil(8).map { Int($0) }, expiresAt: try row.timeOrNil(9),
                emailRestrictions: try row.int(10), status: try row.text(11)))
    }
}
