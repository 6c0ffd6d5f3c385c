import Core
import Crypto
import Database
import Domain
import SQL
import Store
import TestSupport

/// A database with the host's schema, its keys, and the values that most tests begin with.
struct Host {
    static let now = Timestamp(seconds: 1_795_170_498)

    let test: TestDatabase
    let keys: HostKeys
    let sealer: Sealer

    var database: Database { test.database }

    init(_ engine: Engine) throws {
        test = try TestDatabase(engine, migrating: [HostSchema.series])
        let sealer = Sealer(MasterKey.make())
        self.sealer = sealer
        keys = try test.database.write { tx in try HostKeys.load(sealer: sealer, at: Host.now, in: tx) }
    }

    func contact(phone: String = "+12025550101", name: String = "Ana", at: Timestamp = now) throws -> Contact {
        try database.write { tx in
            try ContactsTable.reach(
                PersonKey(phone: phone), details: ContactDetails(firstName: name), weight: .replaces, at: at, in: tx)
        }
    }

    @discardableResult
    func say(
        _ action: ConsentStatement.Action, _ purpose: Purpose = .marketing, by contact: Contact, at: Timestamp = now
    ) throws -> Consents.Recorded {
        let said = ConsentStatement(
            purpose: purpose, action: action, at: at, source: "checkout",
            wording: .init(text: "Yes, write to me.", version: "3", language: "en"), pageURL: "https://shop.test/pay",
            ipAddress: "192.0.2.7", userAgent: "Browser")
        let consents = Consents(keys: keys)
        return try database.write { tx in try consents.record(said, by: contact, at: at, in: tx) }
    }

    func count(_ query: Query) throws -> Int { try database.read { try $0.count(query) } }
}

extension Order {
    /// A plain order; `at` is when the shop last changed it.
    static func sample(
        _ externalID: String = "37", status: String = "processing", at updatedAt: Timestamp = Host.now,
        phone: String = "202-555-0101", refunds: [Refund] = [], tracking: String? = nil, key: String? = "wc_order_k"
    ) -> Order {
        Order(
            shop: "woocommerce", externalID: externalID, number: externalID, status: status,
            createdAt: Host.now - .minutes(5), updatedAt: updatedAt, total: Money(minorUnits: 2990, currency: "EUR"),
            paymentMethod: "cod",
            customer: OrderCustomer(
                firstName: "Ana", lastName: "Pérez", email: "ana@example.com", phone: phone, country: "ES"),
            items: [OrderItem(name: "Tea", quantity: 2, total: Money(minorUnits: 2990, currency: "EUR"))],
            refunds: refunds, trackingNumber: tracking, key: key, locale: "es")
    }
}
