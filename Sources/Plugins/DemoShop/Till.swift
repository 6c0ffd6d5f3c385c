import Core
import Crypto
import Domain
import PluginKit
import Templating

/// Turns a cart and a filled-in form into an order, and finds the orders of the shop again.
struct Till: Sendable {
    let shop: Shop

    private var context: PluginContext { shop.context }

    /// Gives the order to the host, as a shop's webhook would. A form that was sent twice gives the same order again,
    /// with its first time: what happened to it since is newer and stays.
    /// - Returns: the address of the order's page, which holds its key.
    func place(
        _ form: CheckoutForm, _ cart: Cart, consents: [ConsentStatement], words: any TemplateWords
    ) throws -> String {
        let now = context.clock.now()
        let attempt = Token.hash(of: form.attempt)
        let entry = try context.tables.write { tx in
            try DemoOrdersTable.entry(attemptHash: attempt, at: now, in: tx)
        }
        let key = "demo_" + SHA256.hash("order key " + form.attempt).base64URL.prefix(22)
        let page = OrderPage.path(number: String(entry.number), key: key)
        let order = order(form, cart, entry, key: key, url: context.site().publicURL + page, words)
        let stored = try context.orders.receive(order, consents: consents)
        try context.tables.write { tx in try DemoOrdersTable.bind(entry.number, to: stored.id, in: tx) }
        return page
    }

    private func order(
        _ form: CheckoutForm, _ cart: Cart, _ entry: DemoOrdersTable.Entry, key: String, url: String,
        _ words: any TemplateWords
    ) -> Order {
        Order(
            shop: DemoShopPlugin.shop, externalID: String(entry.number), number: String(entry.number),
            status: form.payment.status, createdAt: entry.placedAt, updatedAt: entry.placedAt,
            total: shop.money(cart.total + form.shipping.price), paymentMethod: form.payment.rawValue,
            shippingMethod: form.shipping.rawValue,
            customer: OrderCustomer(
                firstName: form.firstName, lastName: form.lastName, email: form.email.isEmpty ? nil : form.email,
                phone: form.phone, country: form.country, shippingCountry: form.country),
            items: cart.lines.map { line in
                OrderItem(
                    name: words.text(line.product.name.key, [:]), quantity: line.quantity, total: shop.money(line.sum))
            },
            paymentURL: url, key: key, locale: words.language)
    }

    /// - Parameter number: as it stands in an address.
    func find(number: String) throws -> StoredOrder? {
        guard let number = Int(number) else { return nil }
        let id = try context.tables.read { tx in try DemoOrdersTable.order(numbered: number, in: tx) }
        return try id.flatMap(find)
    }

    /// Nil for an order of another shop.
    func find(_ id: ID) throws -> StoredOrder? {
        guard let stored = try context.orders.find(id), stored.order.shop == DemoShopPlugin.shop, !stored.isRemoved
        else { return nil }
        return stored
    }

    /// The latest first.
    func latest(_ limit: Int) throws -> [StoredOrder] {
        try context.tables.read { tx in try DemoOrdersTable.latest(limit, in: tx) }.compactMap(find)
    }

    /// False when the order stays as it is.
    @discardableResult func move(_ order: Order, _ move: OrderMove) throws -> Bool {
        guard let moved = move.applied(to: order, at: context.clock.now()) else { return false }
        try context.orders.receive(moved, consents: [])
        return true
    }

    func removeAll(by actor: String) throws {
        try context.orders.removeAll(shop: DemoShopPlugin.shop, by: actor)
        try context.tables.write { tx in try DemoOrdersTable.removeAll(in: tx) }
    }
}
