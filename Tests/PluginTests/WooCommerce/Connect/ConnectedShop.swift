import App
import Core
import HTTP
import OrderNotifications
import SQL
import Synchronization
import TestSupport
import Testing
import WooCommerce

/// The whole program beside a doubled shop: each calls the other.
struct ConnectedShop {
    /// What the shop sends comes in by the program's own door, or is lost on the way.
    private final class Road: Sendable {
        private let house = Mutex<TestHost?>(nil)
        private let blocked = Mutex(false)

        var isBlocked: Bool {
            get { blocked.withLock { $0 } }
            set { blocked.withLock { $0 = newValue } }
        }

        func lead(to house: TestHost?) { self.house.withLock { $0 = house } }

        func carry(_ delivery: ShopDelivery) -> Int? {
            guard !isBlocked, let house = house.withLock({ $0 }), let start = delivery.url.firstRange(of: "/hooks/")
            else { return nil }
            var headers = delivery.headers
            let type = headers["Content-Type"] ?? ""
            headers["Content-Type"] = nil
            return try? house.send(
                .post, String(delivery.url[start.lowerBound...]), .bytes(delivery.body, type: type), headers: headers
            ).status
        }
    }

    let shop: WooCommerceDouble
    let house: TestHost
    let owner: TestCaller
    private let road: Road

    init(
        _ engine: Engine = .sqlite, profile: WooCommerceDouble.Profile = .init(), settings: [String: String] = [:],
        publicURL: String = "https://cartwright.example"
    ) throws {
        let clock = FixedClock()
        let road = Road()
        self.road = road
        shop = try WooCommerceDouble(clock: clock, profile: profile) { road.carry($0) }
        house = try TestHost(
            engine, plugins: [WooCommercePlugin(), OrderNotificationsPlugin()],
            client: try CurlClient(version: "test", clock: clock), clock: clock,
            settings: ["orders.consent": "legitimate_interest"].merging(settings) { $1 },
            options: { $0.publicURL = publicURL })
        owner = try house.person()
        road.lead(to: house)
    }

    /// Another node of the house, which the shop reaches from now on.
    func otherNode() throws -> TestHost {
        let node = try TestHost(
            plugins: [WooCommercePlugin(), OrderNotificationsPlugin()],
            client: try CurlClient(version: "test", clock: house.clock), beside: house)
        road.lead(to: node)
        return node
    }

    /// Lets the two go: each knows the other.
    func end() {
        road.lead(to: nil)
        shop.stop()
    }

    var isUnreachable: Bool {
        get { road.isBlocked }
        nonmutating set { road.isBlocked = newValue }
    }

    @discardableResult
    func post(_ act: String, _ form: [(name: String, value: String)] = []) throws -> TestResponse {
        try house.post("/admin/shop/\(act)", form: form, as: owner)
    }

    func page() throws -> String { try house.get("/admin/shop", as: owner).text }

    @discardableResult
    func paste(address: String? = nil, key: String? = nil, secret: String? = nil) throws -> TestResponse {
        try post(
            "connect",
            [
                ("address", address ?? shop.url), ("act", "paste"), ("consumer_key", key ?? shop.consumerKey),
                ("consumer_secret", secret ?? shop.consumerSecret.reveal()),
            ])
    }

    func setting(_ key: String) throws -> String {
        let declaration = try #require(house.host.settings.declaration(key))
        return house.host.settings.shown(declaration)
    }

    /// Topics of the shop's webhooks that are on, in order.
    var activeTopics: [String] {
        shop.webhooks.filter { $0["status"].string == "active" }.compactMap { $0["topic"].string }
    }
}
