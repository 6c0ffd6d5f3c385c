package import Core
package import Domain
import Localization
package import SQL

/// Which orders a list shows.
package struct OrderFilter: Sendable, Equatable {
    package var status: String?
    package var contactID: ID?
    /// The whole number of an order.
    package var number: String?
    package var search: Search?

    /// What a person typed, and whom it names.
    package struct Search: Sendable, Equatable {
        /// The beginning of an order's number or of its customer's name.
        package var text: String
        /// Orders of these people match too.
        package var contacts: [ID]

        package init(_ text: String, contacts: [ID]) {
            self.text = text
            self.contacts = contacts
        }
    }

    package init(status: String? = nil, contactID: ID? = nil, number: String? = nil, search: Search? = nil) {
        self.status = status
        self.contactID = contactID
        self.number = number
        self.search = search
    }
}

/// The orders of all shops, each once per shop and the shop's id. `OrderReception` writes them.
package enum OrdersTable {
    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> StoredOrder? {
        try tx.first("SELECT \(OrderColumns.list) FROM orders o WHERE o.id = \(id)").map(OrderColumns.stored)
    }

    /// Those of these ids that there are, as a list of messages needs them.
    package static func all(_ ids: Set<ID>, in tx: any ReadTransaction) throws -> [ID: StoredOrder] {
        let orders = try tx.rows(
            "SELECT \(OrderColumns.list) FROM orders o WHERE o.id IN \(Query.list(ids.map(\.number)))"
        ).map(OrderColumns.stored)
        return Dictionary(uniqueKeysWithValues: orders.map { ($0.id, $0) })
    }

    package static func find(
        shop: String, externalID: String, in tx: any ReadTransaction
    ) throws -> StoredOrder? {
        try known(shop: shop, externalID: externalID, in: tx)?.stored
    }

    /// A shop's orders by its own ids, as a list of deliveries needs them.
    package static func all(
        shop: String, externalIDs: Set<String>, in tx: any ReadTransaction
    ) throws -> [String: StoredOrder] {
        let orders = try tx.rows(
            """
            SELECT \(OrderColumns.list) FROM orders o
            WHERE o.shop = \(shop) AND o.external_id IN \(Query.list(externalIDs.sorted()))
            """
        ).map(OrderColumns.stored)
        return Dictionary(uniqueKeysWithValues: orders.map { ($0.order.externalID, $0) })
    }

    package static func known(shop: String, externalID: String, in tx: any ReadTransaction) throws -> KnownOrder? {
        try tx.first(
            "SELECT \(OrderColumns.list) FROM orders o WHERE o.shop = \(shop) AND o.external_id = \(externalID)"
        ).map(OrderColumns.known)
    }

    /// The latest first, by the shop's time of creation; without removed ones.
    package static func page(
        _ request: PageRequest, _ filter: OrderFilter = OrderFilter(), in tx: any ReadTransaction
    ) throws -> Page<StoredOrder> {
        var conditions = conditions(filter)
        if let after = request.after, let key = after.key, let time = Int64(key) {
            conditions.append("(o.created_at, o.id) < (\(time), \(after.id))")
        }
        let orders = try tx.rows(
            """
            SELECT \(OrderColumns.list) FROM orders o WHERE \(Query.all(conditions))
            ORDER BY o.created_at DESC, o.id DESC LIMIT \(request.limit + 1)
            """
        ).map(OrderColumns.stored)
        return Page(orders, for: request) { Cursor(key: String($0.order.createdAt.milliseconds), id: $0.id) }
    }

    /// Every status that an order is in, in alphabetical order; at most `limit`. Goes from one to the next through the
    /// index on statuses, however many orders there are.
    package static func statuses(limit: Int, in tx: any ReadTransaction) throws -> [String] {
        try tx.rows(
            """
            WITH RECURSIVE seen (status, place) AS (
                SELECT (SELECT min(status) FROM orders), 1
                UNION ALL
                SELECT (SELECT min(o.status) FROM orders o WHERE o.status > seen.status), place + 1
                FROM seen WHERE seen.status IS NOT NULL AND place < \(limit)
            )
            SELECT status FROM seen WHERE status IS NOT NULL
            """
        ).map { try $0.text(0) }
    }

    /// Whether any other shop has told us of an order.
    package static func hasOrders(otherThanOf shop: String, in tx: any ReadTransaction) throws -> Bool {
        // Two ranges of the unique index on (shop, external_id).
        try tx.first("SELECT 1 FROM orders WHERE shop < \(shop) LIMIT 1") != nil
            || tx.first("SELECT 1 FROM orders WHERE shop > \(shop) LIMIT 1") != nil
    }

    /// How many match, but no more than `cap`.
    package static func count(
        _ filter: OrderFilter = OrderFilter(), cap: Int, in tx: any ReadTransaction
    ) throws -> Int {
        try tx.count(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM orders o WHERE \(Query.all(conditions(filter))) LIMIT \(cap)
            ) AS matching
            """)
    }

    private static func conditions(_ filter: OrderFilter) -> [Query] {
        var conditions: [Query] = ["o.removed = 0"]
        if let status = filter.status { conditions.append("o.status = \(status)") }
        if let contact = filter.contactID { conditions.append("o.contact_id = \(contact)") }
        if let number = filter.number { conditions.append("o.number = \(number)") }
        if let search = filter.search { conditions.append(matching(search)) }
        return conditions
    }

    private static func matching(_ search: OrderFilter.Search) -> Query {
        let text = search.text.hasPrefix("#") ? String(search.text.dropFirst()) : search.text
        var ways: [Query] = [.beginning("o.number", with: text)]
        let name = search.text.searchKey
        if !name.isEmpty { ways.append(.beginning("o.name_key", with: name)) }
        if !search.contacts.isEmpty { ways.append("o.contact_id IN \(Query.list(search.contacts.map(\.number)))") }
        return "(\(Query.joined(ways, " OR ")))"
    }

    /// Takes an order off the lists, or puts it back. Nil when it is not known.
    package static func setRemoved(
        _ removed: Bool, shop: String, externalID: String, in tx: any WriteTransaction
    ) throws -> ID? {
        try tx.first(
            """
            UPDATE orders SET removed = \(removed) WHERE shop = \(shop) AND external_id = \(externalID)
            RETURNING id
            """
        )?.id(0)
    }

    static func insert(_ known: KnownOrder, in tx: any WriteTransaction) throws {
        let o = known.stored.order
        try tx.run(
            """
            INSERT INTO orders (id, shop, external_id, number, status, created_at, updated_at, total_minor, currency,
                payment_method, shipping_method, customer_external_id, first_name, last_name, email, phone_raw,
                phone_problem, country, shipping_country, contact_id, locale, items, refunds, payment_url,
                tracking_url, tracking_number, order_key, removed, first_seen_at, arrival, name_key,
                payment_method_title)
            VALUES (\(known.stored.id), \(o.shop), \(o.externalID), \(o.number), \(o.status), \(o.createdAt),
                \(o.updatedAt), \(o.total.minorUnits), \(o.total.currency), \(o.paymentMethod), \(o.shippingMethod),
                \(o.customer.externalID), \(o.customer.firstName), \(o.customer.lastName), \(o.customer.email),
                \(o.customer.phone), \(known.stored.phoneProblem), \(o.customer.country),
                \(o.customer.shippingCountry), \(known.stored.contactID), \(o.locale), \(OrderColumns.text(o.items)),
                \(OrderColumns.text(o.refunds)), \(o.paymentURL), \(o.trackingURL), \(o.trackingNumber), \(o.key),
                \(known.stored.isRemoved), \(known.stored.firstSeenAt), \(known.arrival), \(o.customer.nameKey),
                \(o.paymentMethodTitle))
            """)
    }

    static func update(_ known: KnownOrder, in tx: any WriteTransaction) throws {
        let o = known.stored.order
        try tx.run(
            """
            UPDATE orders
            SET number = \(o.number), status = \(o.status), created_at = \(o.createdAt), updated_at = \(o.updatedAt),
                total_minor = \(o.total.minorUnits), currency = \(o.total.currency),
                payment_method = \(o.paymentMethod),
                payment_method_title = \(o.paymentMethodTitle), shipping_method = \(o.shippingMethod),
                customer_external_id = \(o.customer.externalID), first_name = \(o.customer.firstName),
                last_name = \(o.customer.lastName), email = \(o.customer.email), phone_raw = \(o.customer.phone),
                phone_problem = \(known.stored.phoneProblem), country = \(o.customer.country),
                shipping_country = \(o.customer.shippingCountry), contact_id = \(known.stored.contactID),
                locale = \(o.locale), items = \(OrderColumns.text(o.items)),
                refunds = \(OrderColumns.text(o.refunds)), payment_url = \(o.paymentURL),
                tracking_url = \(o.trackingURL), tracking_number = \(o.trackingNumber), order_key = \(o.key),
                removed = \(known.stored.isRemoved), arrival = \(known.arrival), name_key = \(o.customer.nameKey)
            WHERE id = \(known.stored.id)
            """)
    }
}

extension OrderCustomer {
    fileprivate var nameKey: String { (firstName + " " + lastName).searchKey }
}
