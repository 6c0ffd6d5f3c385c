import App
import Core
import Database
import Domain
import HTTP
import Messaging
import OrderNotifications
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Text
import WooCommerce

/// A whole program beside a doubled shop, both on one clock: the shop's webhooks come through the front door, its REST
/// API is asked over a real connection.
struct PolledHouse {
    static let secret = "polled"
    static let rules = """
        [{"id":"processing","status":"processing","on":true,"purpose":"orders","delay":"0s",\
        "send":{"text":"{customer_first_name}: {order_number} taken"}},
        {"id":"completed","status":"completed","on":true,"purpose":"orders","delay":"0s",\
        "send":{"text":"{order_number} sent"}},
        {"id":"refund","status":"partial_refund","on":true,"purpose":"orders","delay":"0s",\
        "send":{"text":"{order_number} gives {refund_amount} back"}},
        {"id":"note","status":"customer_note","on":true,"purpose":"orders","delay":"0s",\
        "send":{"text":"{order_number}: {note}"}}]
        """

    let clock: FixedClock
    let shop: WooCommerceDouble
    let house: TestHost

    /// - Parameters:
    ///   - hasKeys: without them the shop cannot be asked.
    ///   - client: the way to the shop.
    init(
        _ engine: Engine = .sqlite, offset: Timestamp.Span = .zero, hasKeys: Bool = true,
        client: (any HTTPClient)? = nil, settings more: [String: String] = [:]
    ) throws {
        let clock = FixedClock()
        let door = Door()
        var profile = WooCommerceDouble.Profile()
        profile.offset = offset
        let shop = try WooCommerceDouble(clock: clock, profile: profile) { door.take($0) }
        var settings = [
            "woocommerce.webhook_secret": Self.secret, "woocommerce.store_url": shop.url,
            "orders.consent": "legitimate_interest", "orders.rules": Self.rules, "site.country": "US",
            "site.currency": "EUR",
        ]
        if hasKeys {
            settings["woocommerce.consumer_key"] = shop.consumerKey
            settings["woocommerce.consumer_secret"] = shop.consumerSecret.reveal()
        }
        let house = try TestHost(
            engine, plugins: [WooCommercePlugin(), OrderNotificationsPlugin()],
            client: try client ?? CurlClient(version: "test"), clock: clock,
            settings: settings.merging(more) { $1 })
        door.open(house)
        // The watch asks the shop too, and has tests of its own.
        try house.host.database.write { tx in try JobsTable.undeclare("woocommerce.watch", in: tx) }
        self.clock = clock
        self.shop = shop
        self.house = house
    }

    /// Has the shop send these topics to the house.
    func install(_ topics: String...) {
        for topic in topics {
            shop.addWebhook(topic, to: "https://cartwright.example/hooks/woocommerce", secret: Self.secret)
        }
    }

    /// Lets five minutes pass, asks the shop, and does what follows.
    func poll(after span: Timestamp.Span = .minutes(5)) throws {
        clock.advance(by: span)
        try house.runJobs()
        try house.work()
    }

    /// Delivers what the shop has waiting, and does what follows.
    func deliver() throws {
        shop.deliver()
        try house.work()
        try house.runJobs()
        try house.work()
    }

    var texts: [String] { house.channel.texts }

    func state() throws -> PollState? {
        try house.host.database.read { [url = shop.url] tx in try PollState.find(store: url, in: tx) }
    }

    func openAlerts() throws -> [String] {
        try house.host.database.read { tx in try AlertsTable.allOpen(in: tx).map(\.id) }
    }

    /// How often the shop was asked for its orders.
    var calls: Int { shop.count("GET orders") }

    /// The shop's webhooks, through the house's front door.
    private final class Door: Sendable {
        private let house = Mutex<TestHost?>(nil)

        func open(_ house: TestHost) { self.house.withLock { $0 = house } }

        func take(_ delivery: ShopDelivery) -> Int? {
            guard let house = house.withLock({ $0 }) else { return nil }
            let answer = try? house.send(
                .post, "/hooks/woocommerce", .bytes(delivery.body, type: delivery.headers["Content-Type"] ?? ""),
                headers: delivery.headers)
            return answer?.status
        }
    }
}
