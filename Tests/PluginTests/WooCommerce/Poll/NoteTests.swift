import App
import Core
import Domain
import SQL
import Store
import TestSupport
import Testing
@testable import WooCommerce

/// A note to the customer is sent once, by whichever road it comes.
@Suite struct `A note to the customer` {
    private static let topic = "action.woocommerce_new_customer_note"

    private func notes(in test: PolledHouse) -> [String] {
        test.texts.filter { $0.contains(": ") && !$0.contains("taken") }
    }

    @Test func `is found by looking where no webhook tells of it`() throws {
        let test = try PolledHouse()
        let order = test.shop.placeOrder()
        try test.poll()
        test.shop.addNote("seen by the shop alone", to: order, isForCustomer: false)
        test.shop.addNote("<p>Ready &amp; <b>waiting</b></p>", to: order)
        test.shop.addNote("Second", to: order)
        try test.poll()
        try test.poll()
        #expect(notes(in: test) == ["\(order): Ready & waiting", "\(order): Second"])
    }

    @Test func `comes at once when the action's webhook tells of it, and not again by looking`() throws {
        let test = try PolledHouse()
        test.install("order.created", Self.topic)
        let order = test.shop.placeOrder()
        test.shop.addNote("Ready", to: order)
        try test.deliver()
        #expect(notes(in: test) == ["\(order): Ready"])
        let looks = test.shop.count("GET orders/\(order)/notes")
        try test.poll()
        // Nobody goes looking while the webhook works.
        #expect(test.shop.count("GET orders/\(order)/notes") == looks)
        try test.poll(after: .hours(2))
        #expect(test.shop.count("GET orders/\(order)/notes") > looks)
        #expect(notes(in: test) == ["\(order): Ready"])
    }

    @Test func `is not repeated when its webhook comes after it was found`() throws {
        let test = try PolledHouse()
        test.install(Self.topic)
        let order = test.shop.placeOrder()
        test.shop.addNote("Ready", to: order)
        try test.poll()
        #expect(notes(in: test) == ["\(order): Ready"])
        try test.deliver()
        #expect(notes(in: test) == ["\(order): Ready"])
    }

    @Test func `is known by its words where the shop cannot be asked, also once it can`() throws {
        let test = try PolledHouse(hasKeys: false)
        test.install("order.created", Self.topic)
        let order = test.shop.placeOrder()
        test.shop.addNote("<b>Ready</b>", to: order)
        try test.deliver()
        #expect(notes(in: test) == ["\(order): Ready"])
        try test.house.host.settings.change(
            [
                "woocommerce.consumer_key": test.shop.consumerKey,
                "woocommerce.consumer_secret": test.shop.consumerSecret.reveal(),
            ], by: "test")
        try test.poll()
        #expect(test.shop.count("GET orders/\(order)/notes") == 1)
        #expect(notes(in: test) == ["\(order): Ready"])
    }

    @Test func `brings an order along that nobody had told of`() throws {
        let test = try PolledHouse(settings: ["woocommerce.poll": "off"])
        test.install(Self.topic)
        let order = test.shop.placeOrder()
        test.shop.addNote("Ready", to: order)
        try test.deliver()
        #expect(test.texts.sorted() == ["\(order): Ready", "Ana: \(order) taken"].sorted())
    }

    @Test func `is only remembered when it is older than orders first seen may be`() throws {
        let test = try PolledHouse()
        let order = test.shop.placeOrder()
        test.shop.addNote("Long ago", to: order, at: test.clock.now() - .hours(25))
        try test.poll()
        try test.poll()
        #expect(notes(in: test).isEmpty)
    }

    @Test func `is not looked for while no rule sends notes`() throws {
        let rules = PolledHouse.rules.replacing(
            #""status":"customer_note","on":true"#, with: #""status":"customer_note","on":false"#)
        let test = try PolledHouse(settings: ["orders.rules": rules])
        let order = test.shop.placeOrder()
        try test.poll()
        try test.poll()
        #expect(test.shop.count("GET orders/\(order)/notes") == 0)
    }

    @Test func `is looked for in some orders a turn, in rotation, and not in those long finished`() throws {
        let test = try PolledHouse()
        let orders = (0..<30).map { _ in test.shop.placeOrder() }
        let done = test.shop.placeOrder(["status": .text("completed")])
        func looks() -> Int { (orders + [done]).reduce(0) { $0 + test.shop.count("GET orders/\($1)/notes") } }
        try test.poll()
        #expect(looks() == 20)
        try test.poll()
        #expect(looks() == 40)
        for order in orders + [done] { #expect(test.shop.count("GET orders/\(order)/notes") >= 1) }
        for _ in 1...4 { try test.poll() }
        #expect(test.shop.count("GET orders/\(done)/notes") == 1)
        let before = looks()
        try test.poll(after: .days(15))
        #expect(looks() == before)
    }

    @Test(arguments: [
        ("Plain\nwords", "Plain\nwords"), ("<p>One</p>\r\n<p>Two</p>", "One\n\nTwo"),
        ("a<br/>b<BR>c", "a\nb\nc"), ("5 < 6 &amp; 7 &gt; 6", "5 < 6 & 7 > 6"),
        (#"See <a href="https://p.example/X">your parcel</a>."#, "See your parcel (https://p.example/X)."),
        (#"<a href="https://p.example/X">https://p.example/X</a>"#, "https://p.example/X"),
        ("&#8217;tis&nbsp;ready&hellip; &unknown; &#0;", "’tis ready… &unknown; &#0;"),
        ("<ul><li>mug</li><li>tea</li></ul>", "- mug\n- tea"), ("<script>alert(1)</script>Hi", "Hi"),
        (#"<img src="x" onerror="y">"#, ""), ("unclosed <b", "unclosed <b"),
    ])
    func `is plain text`(html: String, text: String) {
        #expect(NoteText.plain(html) == text)
    }
}
