import App
import Core
import Domain
import HTTP
import Messaging
import Store
import TestSupport
import Testing

/// Lists: found, narrowed and paged.
struct AdminListTests {
    @Test func `one search finds people, their orders and their messages`() throws {
        let filled = try FilledHouse()
        let viewer = try filled.house.person(.viewer)
        let message = try #require(filled.messages[.delivered])
        let found: [(query: String, person: Bool, order: Bool)] = [
            ("ana", true, true), ("PEREZ", true, true), ("202 555 0141", true, true), ("+12025550141", true, true),
            ("1042", false, true), ("#1042", false, true), ("ana@example.com", true, true), ("zzz", false, false),
            ("", false, false),
        ]
        for (query, person, order) in found {
            let address = "/admin/search?" + URLEncoding.encode([("q", query)])
            let page = try filled.house.get(address, as: viewer).text
            #expect(page.contains("/admin/contacts/\(filled.ana.id)\"") == person, "\(query)")
            #expect(page.contains("/admin/orders/\(filled.order.id)\"") == order, "\(query)")
            #expect(page.contains("/admin/messages/\(message)\"") == order, "\(query)")
        }
    }

    @Test func `an order whose phone cannot be read is found by its customer's name`() throws {
        let filled = try FilledHouse()
        let page = try filled.house.get("/admin/orders?q=zoe", as: filled.house.person(.viewer)).text
        #expect(page.contains("/admin/orders/\(filled.unreachable.id)\""))
        #expect(!page.contains("/admin/orders/\(filled.order.id)\""))
    }

    @Test func `messages are narrowed by what stands in the address`() throws {
        let filled = try FilledHouse()
        let viewer = try filled.house.person(.viewer)
        let all: [MessageStatus] = [.failed, .unknown, .delivered, .planned, .suppressed]
        for (query, statuses) in [
            ("status=failed", [MessageStatus.failed]), ("status=unknown", [.unknown]),
            ("status=delivered", [.delivered]), ("status=not_sent", [.suppressed]), ("status=waiting", [.planned]),
            ("purpose=marketing", [.suppressed]), ("q=ben", [.planned, .suppressed]), ("q=1042", all),
            ("since=9999-12-31", []), ("since=today", all), ("since=2026-11-20", all), ("contact=1", []),
            ("order=x", []), ("", all),
        ] {
            let page = try filled.house.get("/admin/messages?\(query)", as: viewer).text
            let shown = filled.messages.filter { page.contains("href=\"/admin/messages/\($0.value)\"") }.map(\.key)
            #expect(Set(shown) == Set(statuses), "\(query)")
        }
    }

    @Test func `a filter's chip leads to the list without it and keeps the others`() throws {
        let filled = try FilledHouse()
        let page = try filled.house.get(
            "/admin/messages?status=failed&q=ana&purpose=orders&after=5", as: filled.house.person(.viewer)
        ).text
        #expect(page.contains("class=\"chip\" href=\"/admin/messages?status=failed&amp;purpose=orders\""))
        #expect(page.contains("class=\"chip\" href=\"/admin/messages?status=failed&amp;q=ana\""))
    }

    @Test(arguments: ["contacts", "orders", "messages"])
    func `a long list is paged without gap or repeat`(list: String) throws {
        let house = try TestHost()
        let viewer = try house.person(.viewer)
        let now = house.clock.now()
        for number in 1...60 {
            let phone = "+1202555\(number < 10 ? "010" : "01")\(number)"
            let order = Order.sample("\(number)", phone: phone, at: now)
            let stored = try #require(try house.host.orders.receive(order).order)
            try house.host.planner.plan([
                MessageDraft(
                    intentKey: "order:woocommerce:\(number):processing:r1", purpose: .orders,
                    contactID: try #require(stored.contactID), content: MessageContent(text: "Hello"),
                    source: MessageSource(kind: .order, id: stored.id, rule: "r1"))
            ])
        }
        var seen: [String] = []
        var next: String? = "/admin/\(list)"
        var pages = 0
        while let address = next {
            let page = try house.get(address, as: viewer).text
            seen += page.matches(of: /<a class="strong" href="\/admin\/[a-z]+\/(\d+)"/).map { String($0.1) }
            next = page.firstMatch(of: /href="([^"]*)" rel="next"/).map { String($0.1).replacing("&amp;", with: "&") }
            pages += 1
            guard pages < 5 else { break }
        }
        #expect(pages == 2)
        #expect(seen.count == 60)
        #expect(Set(seen).count == 60)
    }
}
