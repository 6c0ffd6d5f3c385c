import App
import Core
import Database
import HTTP
import OrderNotifications
import PluginKit
import SQL
import Store
import TestSupport
import Testing

@testable import WooCommerce

/// The shop's plugin at its end, in the whole program beside a doubled shop.
@Suite struct `Uninstalling WooCommerce` {
    /// A connected shop with one coupon of ours, and one of the shop's own.
    private func connected(_ engine: Engine = .sqlite) throws -> ConnectedShop {
        let both = try ConnectedShop(engine)
        try both.paste()
        let (ours, now) = (both.shop.addCoupon(["code": .text("welcome10")]), both.house.clock.now())
        both.shop.addCoupon(["code": .text("summer")])
        try both.house.host.database.write { tx in
            try MadeTable.put(
                Made(kind: .coupon, externalID: String(ours), label: "welcome10", state: "", madeAt: now), in: tx)
        }
        #expect(both.shop.webhooks.count == 13)
        return both
    }

    private func uninstall(_ both: ConnectedShop, anyway: Bool = false) throws -> TestResponse {
        try both.house.post(
            "/admin/plugins/woocommerce/uninstall",
            form: [("data", "delete"), ("confirm", "woocommerce")] + (anyway ? [("anyway", "yes")] : []), as: both.owner
        )
    }

    /// What the database still says of it, but for what is history.
    private func left(_ both: ConnectedShop) throws -> [String] {
        try Inventory(both.house).rows(naming: "woocommerce").filter {
            !$0.hasPrefix("audit: ") && !$0.hasPrefix("deliveries: ")
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `with its data leaves nothing in the shop and nothing in the house`(engine: Engine) throws {
        let stranger = try TestHost(engine, plugins: [OrderNotificationsPlugin()])
        let both = try connected(engine)
        defer { both.end() }
        let page = try both.house.get("/admin/plugins/woocommerce/uninstall", as: both.owner).text
        #expect(page.contains("no orders arrive from your shop"))
        #expect(page.contains("woocommerce.consumer_secret"))

        #expect(try uninstall(both).location == "/admin/plugins")

        #expect(both.shop.webhooks.isEmpty)
        #expect(both.shop.coupon("welcome10") == nil)
        #expect(both.shop.coupon("summer") != nil)
        #expect(try Inventory(both.house).schema == Inventory(stranger).schema)
        let left = try left(both)
        // Without this row it would be on again at the next start.
        #expect(left.count == 1 && left.allSatisfy { $0.hasPrefix("plugins: ") }, "\(left)")
        for setting in WooCommerceSettings.declarations {
            #expect(both.house.host.settings.stored(setting.key) == nil, "\(setting.key)")
        }
        #expect(try both.house.send(.post, "/hooks/woocommerce", .none).status == 404)
    }

    @Test func `tells when the shop does not answer, and goes on where it stood at the next try`() throws {
        let both = try connected()
        defer { both.end() }
        both.shop.misbehave(.json(503, #"{"code":"maintenance","message":"Back soon."}"#))
        let refused = try uninstall(both)
        #expect(refused.status == 422)
        #expect(refused.text.contains("name=\"anyway\""))
        #expect(both.shop.webhooks.count == 13)
        #expect(both.house.host.plugins.standing("woocommerce") == .inactive)
        #expect(both.house.host.settings.stored("woocommerce.consumer_key") != nil)
        #expect(try uninstall(both).status == 303)
        #expect(both.shop.webhooks.isEmpty)
        #expect(both.shop.coupon("welcome10") == nil)
    }

    @Test func `goes on without a shop that is gone for good, if asked to`() throws {
        let both = try connected()
        defer { both.end() }
        both.shop.stop()
        #expect(try uninstall(both).status == 422)
        #expect(try uninstall(both).status == 422)
        #expect(try uninstall(both, anyway: true).status == 303)
        #expect(try left(both).count == 1)
        #expect(try both.house.host.database.tables(prefix: "woocommerce_", countingTo: 1).isEmpty)
    }

    @Test func `switching it off says what does not work until it is on again`() throws {
        let both = try connected()
        defer { both.end() }
        let off = try both.house.post("/admin/plugins/woocommerce/deactivate", form: [], as: both.owner)
        #expect(off.headers.all("Set-Cookie").contains { $0.contains("notice.woocommerce_off") })
        #expect(try both.house.send(.post, "/hooks/woocommerce", .none).status == 404)
        #expect(
            try both.house.get("/admin/plugins", as: both.owner).text.contains("no orders arrive from your shop"))
        #expect(try both.house.post("/admin/plugins/woocommerce/activate", form: [], as: both.owner).status == 303)
        #expect(both.house.host.plugins.standing("woocommerce") == .active)
        #expect(try both.house.send(.post, "/hooks/woocommerce", .none).status == 401)
    }
}
