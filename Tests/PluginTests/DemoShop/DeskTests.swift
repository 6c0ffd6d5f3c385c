import Messaging
import Database
import App
import Core
import DemoShop
import Domain
import HTTP
import SQL
import Sandbox
import Store
import TestSupport
import Testing

@Suite struct `Behind the counter` {
    @Test func `only those who run the shop may stand`() throws {
        let house = try TestHost.withShop()
        #expect(try house.get("/admin/demo").location == "/admin/login?next=%2Fadmin%2Fdemo")
        #expect(try house.get("/admin/demo", as: house.person(.viewer)).status == 403)
        let manager = try house.person(.manager)
        let desk = try house.get("/admin/demo", as: manager)
        #expect(desk.status == 200)
        #expect(desk.words.contains("No demo orders"))
        #expect(desk.text.contains("href=\"/admin/demo\" aria-current=\"page\""))
    }

    @Test(arguments: [
        ("bacs", "pending", "pending", ["pending"]), ("card", "on-hold", "on-hold", ["on-hold"]),
        ("bacs", "processing", "processing", ["paid", "processing"]),
        ("card", "completed", "completed", ["completed"]), ("card", "cancelled", "cancelled", ["cancelled"]),
        ("card", "refunded", "refunded", ["refunded"]), ("card", "failed", "failed", ["failed"]),
        ("card", "shipped", "processing", ["shipped"]), ("card", "partial_refund", "processing", ["partial_refund"]),
    ])
    func `an order moves on and its customer hears of it`(
        payment: String, move: String, status: String, news: [String]
    ) throws {
        let house = try TestHost.withShop()
        _ = try ShopVisitor(house).order(["payment": payment])
        try house.work()
        let before = house.channel.texts.count
        let stored = try #require(try house.orders().first)
        house.clock.advance(by: .seconds(5))
        let manager = try house.person(.manager)
        let path = "/admin/demo/orders/\(stored.id)/move"
        let answer = try house.post(path, form: [(name: "move", value: move)], as: manager)
        #expect(answer.location == "/admin/demo")
        #expect(answer.headers.all("Set-Cookie").contains { $0.contains("notice.demo_moved; Path=/admin") })
        try house.work()
        #expect(try house.orders().first?.order.status == status)
        #expect(house.channel.texts.dropFirst(before).sorted() == news.map { "1001 " + $0 })
        // A second time there is nothing left to do, but for another half of the money.
        house.clock.advance(by: .seconds(5))
        _ = try house.post(path, form: [(name: "move", value: move)], as: manager)
        try house.work()
        #expect(house.channel.texts.count == before + news.count + (move == "partial_refund" ? 1 : 0))
    }

    @Test func `money goes back in halves, and at last wholly`() throws {
        let house = try TestHost.withShop()
        _ = try ShopVisitor(house).order()
        let manager = try house.person(.manager)
        let id = try #require(try house.orders().first?.id)
        for move in ["partial_refund", "partial_refund", "refunded"] {
            _ = try house.post("/admin/demo/orders/\(id)/move", form: [(name: "move", value: move)], as: manager)
        }
        let order = try #require(try house.orders().first?.order)
        #expect(order.refunds.map(\.amount.minorUnits) == [1085, 542, 543])
        #expect(Set(order.refunds.map(\.externalID)).count == 3)
        #expect(try house.get("/admin/demo", as: manager).words.contains("$21.70 refunded"))
    }

    @Test func `a parcel has a number and a page that shows it`() throws {
        let visitor = ShopVisitor(try .withShop())
        let placed = try visitor.order()
        let stored = try #require(try visitor.house.orders().first)
        _ = try visitor.house.post(
            "/admin/demo/orders/\(stored.id)/move", form: [(name: "move", value: "shipped")],
            as: visitor.house.person())
        let order = try #require(try visitor.house.orders().first?.order)
        #expect(order.trackingNumber == "MS1001ES")
        #expect(order.trackingURL == "https://cartwright.example" + (placed.location ?? ""))
        #expect(try visitor.get(try #require(placed.location)).words.contains("On its way as MS1001ES"))
    }

    @Test func `a note reaches the customer`() throws {
        let house = try TestHost.withShop()
        _ = try ShopVisitor(house).order()
        try house.work()
        let id = try #require(try house.orders().first?.id)
        let note = [(name: "note", value: "The green is sold out; is moss all right?")]
        _ = try house.post("/admin/demo/orders/\(id)/note", form: note, as: house.person())
        try house.work()
        #expect(house.channel.texts.last == "1001 customer_note: The green is sold out; is moss all right?")
    }

    @Test func `orders of other shops are none of its business`() throws {
        let house = try TestHost.withShop()
        let now = house.clock.now()
        let other = try #require(
            try house.host.orders.receive(
                Order(
                    shop: "woocommerce", externalID: "1", number: "1", status: "processing", createdAt: now,
                    updatedAt: now, total: Money(minorUnits: 100, currency: "USD"),
                    customer: OrderCustomer(firstName: "Bo", lastName: "", phone: "+12025550142"))
            ).order)
        let owner = try house.person()
        let path = "/admin/demo/orders/\(other.id)"
        #expect(try house.post(path + "/move", form: [(name: "move", value: "cancelled")], as: owner).status == 404)
        #expect(try house.post(path + "/note", form: [(name: "note", value: "x")], as: owner).status == 404)
    }

    @Test(arguments: TestDatabase.engines)
    func `one button removes all that the demo made, and nothing else`(_ engine: Engine) throws {
        let house = try TestHost(engine, plugins: [SandboxPlugin(), DemoShopPlugin(), Announcer()]) { $0.demo = true }
        let visitor = ShopVisitor(house)
        _ = try visitor.order()
        _ = try visitor.order(["phone": "202 555 0143", "consent.marketing": "true"])
        let real = try house.contact("+12025550150")
        house.clock.advance(by: .seconds(1))
        _ = try visitor.order(["phone": "202 555 0150"])
        try house.work()
        #expect(try house.count("SELECT count(*) FROM sandbox_messages") > 0)
        let owner = try house.person()
        #expect(try house.post("/admin/demo/remove", form: [], as: owner).location == "/admin/demo")
        for table: Query in ["orders", "events", "messages", "trail", "attempts", "demoshop_orders", "sandbox_chats"] {
            #expect(try house.count("SELECT count(*) FROM " + table) == 0, "\(table.text)")
        }
        let left = try house.host.database.read { try $0.rows("SELECT id FROM contacts").map { try $0.id(0) } }
        #expect(left == [real.id])
        #expect(try house.count("SELECT count(*) FROM consent_details WHERE value = '+12025550141'") == 0)
        let audit = try house.host.database.read { try AuditTable.page(PageRequest(limit: 5), in: $0).rows }
        #expect(audit.first?.action == "shop.removed")
        #expect(audit.first?.actor == "owner@shop.example")
        #expect(audit.first?.data == ["orders": "3", "people": "2"])
        #expect(try visitor.order().status == 303)
    }
}
