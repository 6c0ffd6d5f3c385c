import App
import Core
import HTTP
import SQL
import TestSupport
import Testing
import WooCommerce

/// From an address to a shop that reports its orders, through the whole program and a doubled shop.
@Suite struct `Connecting a shop` {
    private static let topics = [
        "order.created", "order.updated", "order.deleted", "order.restored", "customer.created", "customer.updated",
        "coupon.created", "coupon.updated", "coupon.deleted", "product.created", "product.updated", "product.deleted",
        "action.woocommerce_new_customer_note",
    ]

    @Test(arguments: Engine.allCases)
    func `by pasted keys reads the shop, takes over its settings and installs the webhooks`(engine: Engine) throws {
        let both = try ConnectedShop(engine)
        defer { both.end() }
        let answer = try both.paste(address: both.shop.url + "/wp-admin/admin.php?page=wc-settings")
        #expect(answer.status == 303)
        #expect(both.activeTopics == Self.topics)
        #expect(
            both.shop.webhooks.allSatisfy {
                $0["delivery_url"].string == "https://cartwright.example/hooks/woocommerce"
            })
        #expect(try both.setting("woocommerce.store_url") == both.shop.url)
        #expect(try both.setting("site.name") == "Wool & Wire")
        #expect(try both.setting("site.currency") == "EUR")
        #expect(try both.setting("site.country") == "ES")
        #expect(try both.setting("site.locale") == "es-ES")

        let page = try both.page()
        #expect(page.contains("WooCommerce 11.0.1"))
        // Each was heard of: WooCommerce pings a webhook while it makes it.
        #expect(page.contains("a greeting when it was made"))
        #expect(!page.contains(both.shop.consumerSecret.reveal()))
        #expect(!page.contains(both.shop.consumerKey))
    }

    /// Asks the shop for keys, as the page says.
    /// - Returns: the owner's yes, in the shop.
    private func ask(_ both: ConnectedShop) throws -> OutboundRequest {
        #expect(try both.post("connect", [("address", both.shop.url), ("act", "keys")]).location == "/admin/shop")
        let page = try both.page()
        let link = try #require(page.firstMatch(of: /href="([^"]*wc-auth[^"]*)"/)).1.replacing("&amp;", with: "&")
        let question = try #require(link.firstIndex(of: "?"))
        #expect(link.hasPrefix(both.shop.url + "/wc-auth/v1/authorize?"))
        return OutboundRequest(
            .post, both.shop.url + "/wc-auth/v1/access_granted",
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Array(link[link.index(after: question)...].utf8),
            hosts: AllowedHosts(namedByAdmin: [both.shop.host]), repeatable: false)
    }

    @Test(arguments: TestDatabase.engines)
    func `begun on one node is finished on another`(engine: Engine) throws {
        let both = try ConnectedShop(engine)
        defer { both.end() }
        let approve = try ask(both)
        let other = try both.otherNode()
        let client = try CurlClient(version: "test", clock: both.house.clock)
        #expect(try client.send(approve).headers["Location"]?.contains("success=1") == true)
        try other.runJobs()
        #expect(both.activeTopics == Self.topics)
        try both.house.application.refresh()
        #expect(try both.page().contains("WooCommerce 11.0.1"))
        #expect(try other.get("/admin/shop", as: both.owner).text.contains("WooCommerce 11.0.1"))
    }

    @Test func `by asking the shop gets keys once, and sets up by itself`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        let approve = try ask(both)
        let client = try CurlClient(version: "test", clock: both.house.clock)
        let back = try client.send(approve)
        #expect(back.headers["Location"]?.hasPrefix("https://cartwright.example/admin/shop?success=1") == true)
        #expect(try both.page().contains("The keys are here"))
        try both.house.runJobs()
        #expect(both.activeTopics == Self.topics)
        #expect(try both.page().contains("WooCommerce 11.0.1"))

        // The same question answered again opens nothing.
        let again = try client.send(approve)
        #expect(again.status == 401)
    }

    @Test func `takes keys from nobody whom it did not ask, nor later than half an hour`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        func offer(_ token: String) throws -> Int {
            let keys =
                #"{"key_id":1,"user_id":"\#(token)","consumer_key":"ck_\#(String(repeating: "0", count: 40))","#
                + #""consumer_secret":"cs_\#(String(repeating: "1", count: 40))","key_permissions":"read_write"}"#
            return try both.house.post("/hooks/woocommerce/keys", json: keys).status
        }
        #expect(try offer("1.abc") == 403)
        try both.post("connect", [("address", both.shop.url), ("act", "keys")])
        let token = try #require(try both.page().firstMatch(of: /user_id=([^&"]+)/)).1
        #expect(try offer("1." + token.drop { $0 != "." }.dropFirst()) == 403)
        both.house.clock.advance(by: .minutes(31))
        #expect(try offer(String(token)) == 403)
        #expect(try both.setting("woocommerce.consumer_key") == "")
        #expect(try both.house.post("/hooks/woocommerce/keys", json: "{}").status == 400)
    }

    @Test func `offers pasting alone where our own address is not https`() throws {
        let both = try ConnectedShop(publicURL: "http://cartwright.example")
        defer { both.end() }
        let page = try both.page()
        #expect(page.contains("hands keys over only to an https address"))
        #expect(!page.contains(#"value="keys""#))
    }

    @Test(arguments: [
        ("", "address", "such as shop.example.com"),
        ("ada@shop.example", "address", "e-mail address"),
        ("my shop", "address", "a blank"),
        ("ftp://shop.example", "address", "https://"),
        ("myshop", "address", "lacks its ending"),
        ("shop.example:99999", "address", "no web address"),
    ])
    func `says what is wrong with an address, and keeps it`(typed: String, field: String, words: String) throws {
        let both = try ConnectedShop()
        defer { both.end() }
        let answer = try both.post("connect", [("address", typed), ("act", "keys")])
        #expect(answer.status == 422)
        #expect(answer.text.contains(words))
        #expect(answer.text.contains("value=\"\(typed)\""))
        #expect(both.shop.requests.isEmpty)
    }

    @Test func `finds the shop behind one of its pages`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        #expect(try both.paste(address: both.shop.url + "/shop/?orderby=price#top").status == 303)
        #expect(try both.setting("woocommerce.store_url") == both.shop.url)
    }

    @Test func `says that a page without WooCommerce is none`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        both.shop.misbehave(.answer(200, headers: [:], body: Array(#"{"name":"A blog","namespaces":["wp/v2"]}"#.utf8)))
        let answer = try both.paste()
        #expect(answer.status == 422)
        #expect(answer.text.contains("No WooCommerce answers"))
    }

    @Test func `says which of two pasted texts is wrong`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        let swapped = try both.paste(key: both.shop.consumerSecret.reveal(), secret: both.shop.consumerKey)
        #expect(swapped.status == 422)
        #expect(swapped.text.contains("the wrong way round"))
        #expect(try both.paste(secret: "cs_12").text.contains("The secret begins with cs_"))
        // A secret of the right shape that is not the key's: the shop says no, and nothing of it is kept.
        let refused = try both.paste(secret: "cs_" + String(repeating: "0", count: 40))
        #expect(refused.status == 422)
        #expect(refused.text.contains("refuses the keys"))
        #expect(try both.setting("woocommerce.consumer_key") == "")
    }

    @Test func `names keys that may only read`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        let secret = "cs_" + String(repeating: "a", count: 40)
        let key = "ck_" + String(repeating: "b", count: 40)
        both.shop.grant(key, secret: secret, mayWrite: false)
        let answer = try both.paste(key: key, secret: secret)
        #expect(answer.status == 422)
        #expect(answer.text.contains("may only read"))
    }

    @Test func `warns of an old WooCommerce`() throws {
        var profile = WooCommerceDouble.Profile()
        profile.version = "8.5.2"
        let both = try ConnectedShop(profile: profile)
        defer { both.end() }
        try both.paste()
        #expect(try both.page().contains("made for 8.6 and later"))
    }

    @Test func `shows what somebody has set otherwise, and takes it over when told to`() throws {
        let both = try ConnectedShop(settings: ["site.currency": "USD"])
        defer { both.end() }
        try both.paste()
        #expect(try both.setting("site.currency") == "USD")
        #expect(try both.page().contains("Your shop says it otherwise"))
        #expect(try both.post("take").status == 303)
        #expect(try both.setting("site.currency") == "EUR")
        #expect(try !both.page().contains("Your shop says it otherwise"))
    }

    @Test(arguments: [
        ("https://10.0.0.5", "private addresses"), ("https://cartwright.local", "private addresses"),
        ("https://127.0.0.2:8443", "private addresses"), ("https://cartwright.example:8443", "443 and 8080"),
        ("https://[2001:db8::1]", "IPv6"),
    ])
    func `explains where webhooks cannot arrive before it makes them`(publicURL: String, words: String) throws {
        let both = try ConnectedShop(publicURL: publicURL)
        defer { both.end() }
        #expect(try both.page().contains(words))
        try both.paste()
        #expect(both.shop.webhooks.isEmpty)
        #expect(try both.page().contains("Orders come all the same"))
        // Somebody who knows better may have them.
        #expect(try both.post("webhooks").status == 303)
        #expect(both.activeTopics == Self.topics)
        #expect(try both.page().contains("a greeting when it was made"))
    }

    @Test func `has the shop call, and says whether it came`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        try both.paste()
        try both.post("ping")
        #expect(try both.page().contains("and it did"))
        both.isUnreachable = true
        both.house.clock.advance(by: .minutes(1))
        try both.post("ping")
        #expect(try both.page().contains("nothing came"))
        // Made for the ping alone, and taken away again.
        #expect(both.activeTopics == Self.topics)
    }

    @Test func `installs each webhook once, and adopts those made by hand`() throws {
        let both = try ConnectedShop(settings: ["woocommerce.webhook_secret": "by hand"])
        defer { both.end() }
        let url = "https://cartwright.example/hooks/woocommerce"
        both.shop.makeWebhook(topic: "order.updated", deliveryURL: url)
        both.shop.makeWebhook(topic: "order.updated", deliveryURL: "https://elsewhere.example/hook")
        try both.paste()
        try both.post("check")
        #expect(both.shop.webhooks.count == Self.topics.count + 1)
        #expect(
            both.shop.webhooks.filter { $0["delivery_url"].string == url && $0["topic"].string == "order.updated" }
                .count == 1)
        #expect(
            both.shop.webhooks.filter { $0["delivery_url"].string == url }.allSatisfy {
                $0["secret"].string == "by hand"
            })
    }

    @Test func `is left with nothing of ours in the shop`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        try both.paste()
        #expect(try both.post("disconnect").status == 303)
        #expect(both.shop.webhooks.isEmpty)
        for key in ["store_url", "consumer_key", "consumer_secret", "webhook_secret"] {
            #expect(try both.setting("woocommerce.\(key)") == "")
        }
        #expect(try both.page().contains("Connect your shop"))
    }

    @Test func `is the owner's affair; a manager looks, a viewer does not`() throws {
        let both = try ConnectedShop()
        defer { both.end() }
        let manager = try both.house.person(.manager)
        #expect(try both.house.get("/admin/shop", as: manager).status == 200)
        #expect(
            try both.house.post("/admin/shop/connect", form: [("address", both.shop.url)], as: manager).status == 403)
        #expect(try both.house.get("/admin/shop", as: try both.house.person(.viewer)).status == 403)
    }
}
