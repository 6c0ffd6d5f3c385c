import App
import Core
import Database
import Domain
import HTTP
import SQL
import Store
import TestSupport
import Testing
import Text
import WooCommerce

/// What webhooks lost is found by asking, and each order is messaged once whichever way it came.
@Suite struct `Asking the shop` {
    @Test(arguments: [(Engine.sqlite, 2000), (.postgresql, 250)])
    func `finds every webhook that was lost`(engine: Engine, count: Int) throws {
        let test = try PolledHouse(engine)
        test.install("order.created", "order.updated")
        test.shop.losesWebhooks = true
        let start = test.clock.now()
        // Some in every second, and many in one.
        for number in 0..<count {
            test.shop.placeOrder(
                phone: "202 555 01\(10 + number % 90)", at: start + .seconds(number < 300 ? 0 : Int64(number / 7)))
        }
        test.shop.deliver()
        #expect(test.shop.lostWebhooks == 2 * count)
        try test.poll(after: .seconds(Int64(count / 7)))
        // The channel takes a thousand a second.
        try test.house.advance(by: .seconds(2))
        #expect(test.texts.count == count)
        #expect(Set(test.texts).count == count)
        #expect(try test.state()?.found == count)
        try test.poll()
        try test.poll()
        #expect(test.texts.count == count)
        #expect(try test.state()?.found == 0)
    }

    @Test(arguments: [true, false])
    func `messages an order once that comes by webhook and by asking`(webhookFirst: Bool) throws {
        let test = try PolledHouse()
        test.install("order.created", "order.updated")
        let order = test.shop.placeOrder()
        if webhookFirst { try test.deliver() } else { try test.poll() }
        #expect(test.texts == ["Ana: \(order) taken"])
        if webhookFirst { try test.poll() } else { try test.deliver() }
        test.shop.setStatus("completed", of: order)
        if webhookFirst { try test.poll() } else { try test.deliver() }
        if webhookFirst { try test.deliver() } else { try test.poll() }
        #expect(test.texts == ["Ana: \(order) taken", "\(order) sent"])
    }

    @Test func `lets no older state overwrite a newer one`() throws {
        let test = try PolledHouse()
        test.install("order.updated")
        let order = test.shop.placeOrder()
        test.clock.advance(by: .seconds(30))
        test.shop.setStatus("completed", of: order)
        try test.deliver()
        // A replica of the shop's database that lags behind.
        test.shop.tamper(order) { row in
            row["status"] = .text("processing")
            row["date_modified_gmt"] = row["date_created_gmt"]
        }
        try test.poll()
        #expect(test.texts == ["\(order) sent"])
    }

    @Test func `works without any webhook`() throws {
        let test = try PolledHouse()
        let order = test.shop.placeOrder()
        try test.poll()
        test.shop.setStatus("completed", of: order)
        try test.poll()
        #expect(test.texts == ["Ana: \(order) taken", "\(order) sent"])
    }

    @Test(arguments: [Timestamp.Span.hours(9), .hours(-7), .minutes(345)])
    func `keeps the shop's time, whatever its zone`(offset: Timestamp.Span) throws {
        let test = try PolledHouse(offset: offset)
        let first = test.shop.placeOrder(firstName: "Ana")
        try test.poll()
        let second = test.shop.placeOrder(firstName: "Bo")
        try test.poll()
        #expect(test.texts == ["Ana: \(first) taken", "Bo: \(second) taken"])
    }

    @Test func `looks only at the time before its first turn that orders are first seen for, and says so`() throws {
        let test = try PolledHouse()
        let now = test.clock.now()
        test.shop.placeOrder(firstName: "Old", at: now - .hours(30))
        test.shop.placeOrder(firstName: "New", at: now - .hours(2))
        try test.poll(after: .zero)
        #expect(test.texts.map { $0.prefix(3) } == ["New"])
        #expect(try test.state()?.since == Timestamp(milliseconds: (now - .hours(24)).milliseconds / 1000 * 1000))
    }

    /// The order bears the time at which its writing began, and appears when it is done.
    @Test func `finds an order that appears later than its time`() throws {
        let test = try PolledHouse()
        test.shop.placeOrder(firstName: "Ana")
        try test.poll(after: .seconds(30))
        let began = test.clock.now() - .seconds(60)
        let late = test.shop.placeOrder(firstName: "Late", at: began)
        try test.poll()
        #expect(test.texts.last == "Late: \(late) taken")
        // Nothing can come any more: what is known is not asked for again.
        try test.poll()
        try test.poll()
        let query = test.shop.requests.last { $0.path.hasSuffix("/orders") }?.query ?? ""
        let latest = test.shop.order(101)
        #expect(QueryItems(query)["modified_after"] == latest?["date_modified_gmt"].string)
    }

    /// The shop's clock was a day fast, or an order was imported with such a date.
    @Test func `finds what changes after an order whose time is still to come`() throws {
        let test = try PolledHouse()
        test.shop.placeOrder(firstName: "Ahead", at: test.clock.now() + .days(1))
        try test.poll()
        test.shop.placeOrder(firstName: "Now")
        try test.poll()
        try test.poll()
        #expect(test.texts.map { String($0.prefix { $0 != ":" }) } == ["Ahead", "Now"])
    }

    @Test func `shows an order that cannot be read, once, and goes on with the others`() throws {
        let test = try PolledHouse()
        let broken = test.shop.placeOrder(firstName: "Broken")
        test.shop.tamper(broken) { $0["total"] = .text("gratis") }
        test.shop.placeOrder(firstName: "Ana")
        try test.poll()
        try test.poll()
        #expect(test.texts.map { $0.prefix(3) } == ["Ana"])
        let shown = try test.house.host.database.read { tx in
            try DeliveriesTable.page(PageRequest(limit: 10), state: .unreadable, in: tx).rows
        }
        #expect(shown.map(\.topic) == ["poll.order"])
        #expect(try JSON(parsing: try #require(shown.first).body)["id"].int == broken)
        // Replayed, it is read as what it is.
        _ = try test.house.host.database.write { [id = shown[0].id, now = test.clock.now()] tx in
            try DeliveriesTable.replay(id, at: now, in: tx)
        }
        try test.house.work()
        let again = try test.house.host.database.read { [id = shown[0].id] tx in try DeliveriesTable.find(id, in: tx) }
        #expect(again?.note?.hasPrefix("delivery.not_an_order") == true)
    }

    @Test func `goes on behind an order that cannot be stored`() throws {
        let test = try PolledHouse()
        let start = test.clock.now()
        // No database takes the character NUL in a text.
        test.shop.placeOrder(firstName: "N\0l", at: start - .seconds(2))
        test.shop.placeOrder(firstName: "Ana", at: start - .seconds(1))
        try test.poll()
        #expect(test.texts.map { $0.prefix(3) } == ["Ana"])
        #expect(try test.state()?.found == 2)
        let shown = try test.house.host.database.read { tx in
            try DeliveriesTable.page(PageRequest(limit: 10), state: .unreadable, in: tx).rows
        }
        #expect(shown.count == 1)
    }

    @Test func `says once that money went back, whichever way it hears`() throws {
        let test = try PolledHouse()
        test.install("order.created", "order.updated")
        let order = test.shop.placeOrder()
        try test.deliver()
        test.shop.refund(order, amount: "5.00", reason: "cracked")
        try test.poll()
        try test.deliver()
        test.shop.refund(order, amount: "2.00")
        try test.deliver()
        try test.poll()
        #expect(test.texts.dropFirst().map { $0.filter(\.isNumber) } == ["\(order)500", "\(order)200"])
    }

    @Test func `asks for customers, coupons and products as well`() throws {
        let test = try PolledHouse()
        // Long before the first turn: products are read from the beginning.
        test.shop.addProduct(["name": .text("Coffee mug")], at: test.clock.now() - .days(400))
        test.shop.addCoupon(["code": .text("welcome10")])
        test.shop.addCustomer(["first_name": .text("Ana")])
        try test.poll()
        for call in ["GET customers", "GET coupons", "GET products"] { #expect(test.shop.count(call) == 1, "\(call)") }
        #expect(try test.state()?.found == 3)
        try test.poll()
        #expect(try test.state()?.found == 0)
    }
}
