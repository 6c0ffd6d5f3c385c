import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

/// What shops tell besides orders: accounts, products, coupons.
@Suite struct ShopTests {
    private static let phone = "+12025550101"

    private func customer(
        _ id: String = "7", name: String = "Ana", email: String? = "ana@example.com", at time: Timestamp = Host.now
    ) -> ShopCustomer {
        ShopCustomer(
            shop: "woocommerce", externalID: id, updatedAt: time, firstName: name, lastName: "Pérez", email: email,
            phone: "202-555-0101", country: "US", locale: "es")
    }

    @discardableResult private func receive(
        _ host: Host, _ customer: ShopCustomer, phone: String?
    ) throws -> Contact? {
        let incoming = IncomingCustomer(customer, phone: phone)
        return try host.database.write { tx in try CustomerReception.receive(incoming, at: Host.now, in: tx) }
    }

    // MARK: Customers

    @Test(arguments: TestDatabase.engines)
    func `an account with a phone makes a contact, and consents to nothing`(_ engine: Engine) throws {
        let host = try Host(engine)
        let contact = try #require(try receive(host, customer(), phone: Self.phone))
        #expect(contact.phone == Self.phone)
        #expect(contact.firstName == "Ana")
        #expect(contact.locale == "es")
        #expect(try host.count("SELECT count(*) FROM consents") == 0)
        #expect(try host.count("SELECT count(*) FROM consent_state") == 0)
    }

    @Test(arguments: TestDatabase.engines)
    func `an account fills gaps and replaces nothing`(_ engine: Engine) throws {
        let host = try Host(engine)
        let known = try host.contact(phone: Self.phone, name: "Anita")
        let told = try #require(try receive(host, customer(), phone: Self.phone))
        #expect(told.id == known.id)
        #expect(told.firstName == "Anita")
        #expect(told.email == "ana@example.com")
    }

    @Test(arguments: TestDatabase.engines)
    func `an account without a phone makes nobody known`(_ engine: Engine) throws {
        let host = try Host(engine)
        #expect(try receive(host, customer(), phone: nil) == nil)
        #expect(try host.count("SELECT count(*) FROM contacts") == 0)
    }

    @Test(arguments: TestDatabase.engines)
    func `an account without a phone is known by its orders`(_ engine: Engine) throws {
        let host = try Host(engine)
        var order = Order.sample()
        order.customer.externalID = "7"
        order.customer.email = nil
        let incoming = IncomingOrder(order, phone: .number(Self.phone), arrival: ID.make(at: Host.now))
        let reception = OrderReception(keys: host.keys, window: .hours(24))
        let receipt = try host.database.write { tx in try reception.receive(incoming, at: Host.now, in: tx) }
        let told = try #require(try receive(host, customer(), phone: nil))
        #expect(told.id == receipt.order?.contactID)
        #expect(told.email == "ana@example.com")
        #expect(try host.count("SELECT count(*) FROM contacts") == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `an older word about an account changes nothing`(_ engine: Engine) throws {
        let host = try Host(engine)
        let newer = try #require(try receive(host, customer(email: nil), phone: Self.phone))
        let older = customer(email: "old@example.com", at: Host.now - .minutes(1))
        #expect(try receive(host, older, phone: "+12025550102") == nil)
        let found = try host.database.read { tx in
            try AccountsTable.find(shop: "woocommerce", externalID: "7", in: tx)?.contact
        }
        #expect(found == newer)
        #expect(try host.count("SELECT count(*) FROM contacts") == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `an account that is gone leaves its person`(_ engine: Engine) throws {
        let host = try Host(engine)
        try receive(host, customer(), phone: Self.phone)
        try host.database.write { tx in try AccountsTable.remove(shop: "woocommerce", externalID: "7", in: tx) }
        #expect(try host.count("SELECT count(*) FROM contact_accounts") == 0)
        #expect(try host.count("SELECT count(*) FROM contacts") == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `merged people keep their accounts`(_ engine: Engine) throws {
        let host = try Host(engine)
        try receive(host, customer("7"), phone: Self.phone)
        try host.database.write { tx in
            for key in [PersonKey(phone: nil, bsuid: "b1"), PersonKey(phone: Self.phone, bsuid: "b1")] {
                _ = try ContactsTable.reach(key, details: ContactDetails(), weight: .fillsGaps, at: Host.now, in: tx)
            }
        }
        let person = try host.database.read { try ContactsTable.find(phone: Self.phone, in: $0) }
        let found = try host.database.read { try AccountsTable.find(shop: "woocommerce", externalID: "7", in: $0) }
        #expect(found?.contact.id == person?.id)
        #expect(person?.bsuid == "b1")
    }

    // MARK: Products

    private func product(
        _ name: String = "Mug", price: Int64 = 1300, status: String = "publish", at time: Timestamp = Host.now
    ) -> ShopProduct {
        ShopProduct(
            shop: "woocommerce", externalID: "11", parentID: "10", updatedAt: time, name: name,
            permalink: "https://shop.test/mug", imageURL: "https://shop.test/mug.jpg",
            price: Money(minorUnits: price, currency: "EUR"), stockStatus: "onbackorder", stockQuantity: -2,
            status: status)
    }

    private func products(_ host: Host) throws -> [StoredProduct] {
        try host.database.read { try ProductsTable.page(PageRequest(limit: 10), in: $0).rows }
    }

    @Test(arguments: TestDatabase.engines)
    func `a product comes back as it came, and an older word of it changes nothing`(_ engine: Engine) throws {
        let host = try Host(engine)
        let told = product()
        let older = product("Old mug", at: Host.now - .seconds(1))
        try host.database.write { tx in
            try ProductsTable.put(told, at: Host.now, in: tx)
            try ProductsTable.put(older, at: Host.now + .hours(1), in: tx)
        }
        #expect(try products(host).map(\.product) == [told])
        let again = product("Blue mug")
        try host.database.write { tx in try ProductsTable.put(again, at: Host.now, in: tx) }
        #expect(try products(host).map(\.product.name) == ["Blue mug"])
        let known = try host.database.read {
            try ProductsTable.all(shop: "woocommerce", externalIDs: ["11", "12"], in: $0)
        }
        #expect(known == ["11": again])
    }

    @Test(arguments: TestDatabase.engines)
    func `a removed product leaves the list, comes back, and is forgotten in the end`(_ engine: Engine) throws {
        let host = try Host(engine)
        let (there, trashed) = (product(), product(status: "trash", at: Host.now + .seconds(2)))
        try host.database.write { tx in
            try ProductsTable.put(there, at: Host.now, in: tx)
            try ProductsTable.remove(shop: "woocommerce", externalID: "11", at: Host.now, in: tx)
        }
        #expect(try products(host).isEmpty)
        try host.database.write { tx in try ProductsTable.put(there, at: Host.now, in: tx) }
        #expect(try products(host).count == 1)
        try host.database.write { tx in try ProductsTable.put(trashed, at: Host.now, in: tx) }
        #expect(try products(host).isEmpty)
        try host.database.write { tx in try ProductsTable.forgetRemoved(before: Host.now, in: tx) }
        #expect(try host.count("SELECT count(*) FROM products") == 1)
        try host.database.write { tx in try ProductsTable.forgetRemoved(before: Host.now + .seconds(1), in: tx) }
        #expect(try host.count("SELECT count(*) FROM products") == 0)
    }

    // MARK: Coupons

    private func coupon(used: Int = 0, at time: Timestamp = Host.now) -> ShopCoupon {
        ShopCoupon(
            shop: "woocommerce", externalID: "23", updatedAt: time, code: "welcome10", type: "percent",
            amount: "10.00", usageCount: used, usageLimit: 5, expiresAt: Host.now + .days(3), emailRestrictions: 1)
    }

    private func coupons(_ host: Host, code: String? = nil) throws -> [ShopCoupon] {
        try host.database.read { try CouponsTable.page(PageRequest(limit: 10), code: code, in: $0).rows.map(\.coupon) }
    }

    @Test(arguments: TestDatabase.engines)
    func `a coupon's use is counted though its date stays, and an older word changes nothing`(
        _ engine: Engine
    ) throws {
        let host = try Host(engine)
        let (told, used, older) = (coupon(), coupon(used: 2), coupon(used: 1, at: Host.now - .seconds(1)))
        try host.database.write { tx in
            for coupon in [told, used, older] { try CouponsTable.put(coupon, at: Host.now, in: tx) }
        }
        #expect(try coupons(host) == [used])
        #expect(try coupons(host, code: "WELCOME10") == [used])
        #expect(try coupons(host, code: "other").isEmpty)
        try host.database.write { tx in
            try CouponsTable.remove(shop: "woocommerce", externalID: "23", at: Host.now, in: tx)
        }
        #expect(try coupons(host).isEmpty)
        try host.database.write { tx in try CouponsTable.forgetRemoved(before: Host.now + .seconds(1), in: tx) }
        #expect(try host.count("SELECT count(*) FROM coupons") == 0)
    }
}
