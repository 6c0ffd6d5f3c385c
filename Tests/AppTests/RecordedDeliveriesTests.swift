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
import TestSupport
import Testing
import Text
import WooCommerce

/// What a real WooCommerce store sent, replayed into the whole program: the right orders, and each message once.
///
/// The recordings lie outside of the repository; without them its own few fixtures are replayed.
struct RecordedDeliveriesTests {
    static let secret = "replayed"
    static let deliveries =
        (WooCommerceReplay.recorded.isEmpty ? WooCommerceReplay.fixtures : WooCommerceReplay.recorded)

    private func house(_ engine: Engine, consent: String) throws -> TestHost {
        try TestHost(
            engine, plugins: [WooCommercePlugin(), OrderNotificationsPlugin()],
            settings: [
                "woocommerce.webhook_secret": Self.secret, "orders.consent": consent, "site.country": "ES",
                "site.currency": "EUR", "site.timezone": "Europe/Madrid",
            ])
    }

    /// The deliveries as if the last of them had just happened, signed with the house's secret.
    private func replay(at now: Timestamp) throws -> [WooCommerceReplay] {
        let last = try #require(Self.deliveries.compactMap(\.lastChange).max())
        let span = Timestamp.Span.seconds((now - last).milliseconds / 1000)
        return Self.deliveries.map { delivery in
            delivery.secret == nil ? delivery : delivery.redated(by: span).signed(Self.secret)
        }
    }

    private func deliver(_ delivery: WooCommerceReplay, to house: TestHost) throws {
        let answer = try house.send(
            .post, "/hooks/woocommerce", .bytes(delivery.body, type: delivery.headers["Content-Type"] ?? ""),
            headers: delivery.headers)
        #expect(answer.status == 200, "\(delivery.name)")
    }

    /// What the deliveries say of each order in the end, read without the program's own reader.
    private struct Expected {
        var number = ""
        var status = ""
        var total = ""
        var phone = ""
        var changed = ""
        var isRemoved = false
        /// The statuses it went through, in order of arrival, none twice in a row.
        var statuses: [String] = []
    }

    private func expected(_ deliveries: [WooCommerceReplay]) throws -> [String: Expected] {
        var orders: [String: Expected] = [:]
        for delivery in deliveries where delivery.topic.hasPrefix("order.") {
            let json = try JSON(parsing: delivery.body)
            guard let id = json["id"].rawNumber else { continue }
            if delivery.topic == "order.deleted" {
                orders[id]?.isRemoved = true
                continue
            }
            let (status, changed) = (json["status"].string ?? "", json["date_modified_gmt"].string ?? "")
            if status == "trash" {
                orders[id]?.isRemoved = true
                continue
            }
            if status == "checkout-draft" { continue }
            var order = orders[id] ?? Expected()
            guard changed >= order.changed else { continue }
            order.changed = changed
            order.number = json["number"].string ?? ""
            if order.status != status { order.statuses.append(status) }
            order.status = status
            order.total = "\(json["total"].string ?? "") \(json["currency"].string ?? "")"
            order.phone =
                [json["billing"]["phone"].string, json["shipping"]["phone"].string]
                .compactMap { $0 }.first { $0.contains { $0 != " " } } ?? ""
            orders[id] = order
        }
        return orders
    }

    @Test(arguments: TestDatabase.engines) func `every delivery ends as the right order`(_ engine: Engine) throws {
        let house = try house(engine, consent: "required")
        let deliveries = try replay(at: house.clock.now())
        // Any order of arrival within a second, and every body twice, must come to the same.
        for delivery in deliveries { try deliver(delivery, to: house) }
        for delivery in deliveries { try deliver(delivery, to: house) }
        try house.work()
        for (id, expected) in try expected(deliveries) {
            let found = try house.host.database.read { tx in
                try OrdersTable.find(shop: "woocommerce", externalID: id, in: tx)
            }
            let order = try #require(found, "order \(id)")
            #expect(order.order.number == expected.number)
            #expect(order.order.status == expected.status, "order \(id)")
            #expect("\(order.order.total.amount) \(order.order.total.currency)" == expected.total)
            #expect(order.order.customer.phone == expected.phone)
            #expect(order.isRemoved == expected.isRemoved, "order \(id)")
        }
        let kept = try house.host.database.read { tx in
            try tx.count("SELECT count(*) FROM deliveries WHERE state = 'waiting'")
        }
        #expect(kept == 0)
    }

    @Test(arguments: TestDatabase.engines) func `without consent every message is suppressed and none leaves`(
        _ engine: Engine
    ) throws {
        let house = try house(engine, consent: "required")
        for delivery in try replay(at: house.clock.now()) { try deliver(delivery, to: house) }
        try house.work()
        try house.advance(by: .minutes(11))
        let rows = try house.host.database.read { tx in
            try MessagesTable.page(MessagesTable.Selection(), PageRequest(limit: 200), in: tx).rows
        }
        #expect(!rows.isEmpty)
        let reasons: Set<String> = [
            PolicyReason.noConsent.rawValue, PolicyReason.orderStatusChanged.rawValue,
            PolicyReason.orderRemoved.rawValue,
        ]
        for row in rows {
            #expect(row.status == .suppressed || row.status == .cancelled)
            #expect(reasons.contains(row.reason ?? ""), "\(row.intentKey): \(row.reason ?? "")")
        }
        #expect(rows.contains { $0.reason == PolicyReason.noConsent.rawValue })
        #expect(house.channel.messages.isEmpty)
    }

    @Test(arguments: TestDatabase.engines)
    func `with legitimate interest each enabled message leaves once, right in text and currency`(
        _ engine: Engine
    ) throws {
        let house = try house(engine, consent: "legitimate_interest")
        let deliveries = try replay(at: house.clock.now())
        let enabled: Set<String> = ["processing", "on-hold", "completed", "cancelled", "refunded", "failed"]
        var keys: Set<String> = []
        for delivery in deliveries {
            try deliver(delivery, to: house)
            try house.work()
            house.clock.advance(by: .seconds(2))
        }
        for (id, order) in try expected(deliveries) {
            let stored = try house.host.database.read { tx in
                try OrdersTable.find(shop: "woocommerce", externalID: id, in: tx)
            }
            guard stored?.contactID != nil else { continue }
            for status in order.statuses where enabled.contains(status) {
                keys.insert("order:woocommerce:\(id):\(status)")
            }
        }
        let rows = try house.host.database.read { tx in
            try MessagesTable.page(MessagesTable.Selection(), PageRequest(limit: 200), in: tx).rows
        }
        let planned = rows.map { $0.intentKey.split(separator: ":").dropLast().joined(separator: ":") }
        #expect(Set(planned) == keys)
        #expect(planned.count == keys.count)
        #expect(rows.allSatisfy { $0.status == .accepted })
        #expect(house.channel.messages.count == rows.count)
        for row in rows {
            let text = try #require(row.content.text)
            let order = try #require(
                try house.host.database.read { tx in try row.source.id.flatMap { try OrdersTable.find($0, in: tx) } })
            #expect(text.contains(order.order.customer.firstName))
            #expect(text.contains(order.order.number))
            #expect(!text.contains("{") && !text.contains("}"))
            if row.intentKey.contains(":processing:") {
                let sign = order.order.total.currency == "EUR" ? "€" : ""
                #expect(text.contains(sign + order.order.total.amount), "\(text)")
            }
        }
    }
}
