import Core
import HTTP
import PluginKit
import TestSupport
import Testing
import WooCommerce

/// The endpoint's answers, and what is on disk when they are given.
@Suite struct `The webhook of WooCommerce` {
    private let house: PluginContextDouble
    private let route: Route
    private static let secret = "s3cret & <sound>"

    init() throws {
        house = try PluginContextDouble()
        house.settings["woocommerce.webhook_secret"] = Self.secret
        route = try #require(WooCommercePlugin().parts(house.context).routes.first)
    }

    @Test func `is open to the world, up to five megabytes`() {
        #expect(route.method == .post)
        #expect(route.path == "/hooks/woocommerce")
        #expect(route.access == .public)
        #expect(route.bodyLimit == 5_242_880)
    }

    @Test(arguments: WooCommerceReplay.fixtures.filter { $0.secret != nil })
    func `stores what is signed, then answers 200`(replay: WooCommerceReplay) throws {
        #expect(try answer(replay.request).status == 200)
        let stored = try #require(house.deliveries.stored.first)
        #expect(stored.endpoint == "woocommerce")
        #expect(stored.topic == replay.topic)
        #expect(stored.body == replay.body)
        #expect(stored.headers["X-WC-Webhook-Delivery-ID"] == "0123456789abcdef0123456789abcdef")
        #expect(stored.headers["X-WC-Webhook-Signature"] == nil)
        #expect(house.deliveries.refusals.isEmpty)
    }

    @Test(arguments: [
        ("010-order.created", "order:501"), ("050-order.deleted", "order:502"), ("060-order.updated", nil),
        ("070-coupon.created", "coupon:23"), ("071-customer.updated", "customer:7"),
        ("072-product.updated", "product:12"),
    ])
    func `works the deliveries about one thing one after the other`(name: String, lane: String?) throws {
        _ = try answer(fixture(name).request)
        #expect(house.deliveries.stored.first?.lane == lane)
    }

    @Test func `stores even nonsense, as long as it is signed`() throws {
        let nonsense = try fixture("010-order.created").with(body: [0xff, 0x00, 0x7b])
        #expect(try answer(nonsense.request).status == 200)
        #expect(house.deliveries.stored.first?.body == [0xff, 0x00, 0x7b])
        #expect(house.deliveries.stored.first?.lane == nil)
    }

    @Test func `does not answer 200 for what could not be stored`() throws {
        house.deliveries.fail(DiskFull())
        #expect(throws: DiskFull.self) { try answer(fixture("010-order.created").request) }
    }

    private struct DiskFull: Error {}

    @Test func `refuses and counts a wrong signature`() throws {
        let forged = try fixture("010-order.created").signed("a guess")
        #expect(try answer(forged.request).status == 401)
        #expect(house.deliveries.stored.isEmpty)
        #expect(house.deliveries.refusals == [.init(endpoint: "woocommerce", reason: "signature_wrong")])
    }

    @Test func `refuses a body of which one bit changed`() throws {
        var request = try fixture("010-order.created").request
        request.body[40] ^= 1
        #expect(try answer(request).status == 401)
        #expect(house.deliveries.stored.isEmpty)
    }

    @Test(arguments: ["", "AAAA", "not base64"])
    func `refuses what is no signature at all`(signature: String) throws {
        var request = try fixture("010-order.created").request
        request.headers["X-WC-Webhook-Signature"] = signature
        #expect(try answer(request).status == 401)
    }

    @Test func `refuses and counts a missing signature`() throws {
        var request = try fixture("010-order.created").request
        request.headers["X-WC-Webhook-Signature"] = nil
        #expect(try answer(request).status == 401)
        #expect(house.deliveries.refusals == [.init(endpoint: "woocommerce", reason: "signature_missing")])
    }

    @Test func `asks to come again while no secret is set`() throws {
        house.settings["woocommerce.webhook_secret"] = nil
        let response = try answer(fixture("010-order.created").request)
        #expect(response.status == 503)
        #expect(response.headers["Retry-After"] == "300")
        #expect(house.deliveries.stored.isEmpty)
        #expect(house.deliveries.refusals == [.init(endpoint: "woocommerce", reason: "no_secret")])
    }

    @Test func `says apart that the secret is there but cannot be opened`() throws {
        house.settings.spoil("woocommerce.webhook_secret")
        #expect(try answer(fixture("010-order.created").request).status == 503)
        #expect(house.deliveries.refusals.map(\.reason) == ["secret_unreadable"])
    }

    @Test func `answers the unsigned ping and stores nothing`() throws {
        #expect(try answer(fixture("001-ping").request).status == 200)
        #expect(house.deliveries.stored.isEmpty)
        #expect(house.deliveries.refusals.isEmpty)
    }

    @Test(arguments: ["webhook_id=15&x=1", "webhook_id=fifteen", "id=15", ""])
    func `takes nothing else for a ping`(body: String) throws {
        var request = try fixture("001-ping").request
        request.body = Array(body.utf8)
        #expect(try answer(request).status == 401)
    }

    /// WooCommerce keeps `&` as `&amp;` and signs with `&`.
    @Test func `knows a secret that was copied with its HTML entities`() throws {
        house.settings["woocommerce.webhook_secret"] = "s3cret &amp; &lt;sound&gt;"
        #expect(try answer(fixture("010-order.created").request).status == 200)
    }

    @Test func `reads each entity once`() throws {
        house.settings["woocommerce.webhook_secret"] = "&amp;amp;"
        #expect(try answer(fixture("010-order.created").signed("&amp;").request).status == 200)
        #expect(try answer(fixture("010-order.created").signed("&").request).status == 401)
    }

    @Test func `takes a delivery that was given another date and signed anew`() throws {
        let later = Timestamp(seconds: 1_800_000_000)
        let replay = try fixture("020-order.updated").redated(to: later)
        #expect(replay.lastChange == later)
        #expect(replay.body.count == (try fixture("020-order.updated")).body.count)
        #expect(try answer(replay.request).status == 200)
    }

    private func fixture(_ name: String) throws -> WooCommerceReplay {
        try #require(WooCommerceReplay.fixture(name))
    }

    private func answer(_ request: Request) throws -> Response {
        try route.handler(request, HandlerContext.of(house))
    }
}
