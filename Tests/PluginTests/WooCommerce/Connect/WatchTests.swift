import App
import Core
import Database
import SQL
import Store
import TestSupport
import Testing
import WooCommerce

/// What the look every quarter of an hour finds and mends.
@Suite struct `The watch over a connected shop` {
    private func alerts(_ both: ConnectedShop) throws -> [String] {
        try both.house.host.database.read { tx in try AlertsTable.allOpen(in: tx).map(\.id) }
    }

    private func look(_ both: ConnectedShop) throws {
        both.house.clock.advance(by: .minutes(15))
        try both.house.runJobs()
    }

    @Test(arguments: Engine.allCases)
    func `switches a webhook on that the shop had switched off, and makes it anew the second time`(
        engine: Engine
    ) throws {
        let both = try ConnectedShop(engine)
        defer { both.end() }
        try both.paste()
        let first = try #require(both.shop.webhooks.first?["id"].int)
        both.shop.setWebhook(first, status: "disabled")
        try look(both)
        #expect(both.shop.webhooks.first?["id"].int == first)
        #expect(both.shop.webhooks.allSatisfy { $0["status"].string == "active" })
        #expect(try alerts(both) == ["woocommerce.webhooks"])

        both.shop.setWebhook(first, status: "disabled")
        try look(both)
        #expect(both.shop.webhooks.count == 13)
        #expect(!both.shop.webhooks.contains { $0["id"].int == first })
        #expect(both.shop.webhooks.allSatisfy { $0["status"].string == "active" })

        try look(both)
        #expect(try alerts(both).isEmpty)
    }

    @Test func `makes a webhook again that somebody deleted`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        try both.paste()
        both.shop.removeWebhook(try #require(both.shop.webhooks.first?["id"].int))
        try look(both)
        #expect(both.shop.webhooks.count == 13)
    }

    @Test func `leaves alone what a person paused, and says so`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        try both.paste()
        both.shop.setWebhook(try #require(both.shop.webhooks.first?["id"].int), status: "paused")
        try look(both)
        #expect(both.shop.webhooks.count { $0["status"].string == "paused" } == 1)
        #expect(try alerts(both) == ["woocommerce.webhooks"])
        #expect(try both.page().contains("Paused in WooCommerce"))
    }

    @Test func `never takes another's webhook for its own because of its id`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        try both.paste()
        let other = try WooCommerceDouble(clock: both.house.clock) { _ in nil }
        defer { other.stop() }
        other.addWebhook("order.created", to: "https://books.example/new-order", secret: "theirs")
        #expect(other.webhooks.first?["id"].int == both.shop.webhooks.first?["id"].int)
        // The address changed behind the page's back, as the command line does it.
        try both.house.host.settings.change(
            [
                "woocommerce.store_url": other.url, "woocommerce.consumer_key": other.consumerKey,
                "woocommerce.consumer_secret": other.consumerSecret.reveal(),
            ], by: "command line")
        try both.post("check")
        #expect(other.webhooks.count == 14)
        #expect(other.webhooks.first?["delivery_url"].string == "https://books.example/new-order")
        #expect(other.webhooks.first?["secret"].string == "theirs")
    }

    @Test func `tells of keys that were taken back, until there are new ones`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        try both.paste()
        both.shop.revoke(both.shop.consumerKey)
        try look(both)
        #expect(try alerts(both).contains("woocommerce.keys"))
        #expect(try both.page().contains("refuses the keys"))
    }

    @Test(arguments: [
        ("changed", "a-new-secret"), ("cleared", ""),
    ])
    func `tells the shop of a webhook secret that was changed here`(what: String, typed: String) throws {
        let both = try ConnectedShop()
        defer { both.end() }
        try both.paste()
        let former = try #require(both.shop.webhooks.first?["secret"].string)
        try both.house.host.settings.change(["woocommerce.webhook_secret": typed], by: "test")
        try both.house.runJobs()
        let now = both.house.host.settings[WooCommerceSettings.webhookSecret]?.reveal() ?? ""
        #expect(now != former && !now.isEmpty)
        #expect(both.shop.webhooks.count == 13)
        #expect(both.shop.webhooks.allSatisfy { $0["secret"].string == now })
    }

    @Test func `calls nobody while no shop is connected`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        try look(both)
        #expect(both.shop.requests.isEmpty)
    }
}
