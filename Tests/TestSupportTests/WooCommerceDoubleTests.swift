import Core
import Crypto
import HTTP
import Synchronization
import TestSupport
import Testing
import Text

struct `The doubled shop` {
    /// What the shop sent, in order, and what it is answered.
    final class Receiver: Sendable {
        private let state = Mutex<(got: [ShopDelivery], status: Int?)>(([], 200))

        var got: [ShopDelivery] { state.withLock { $0.got } }
        func answer(_ status: Int?) { state.withLock { $0.status = status } }
        func take(_ delivery: ShopDelivery) -> Int? {
            state.withLock { state in
                state.got.append(delivery)
                return state.status
            }
        }
    }

    let clock = FixedClock()
    let receiver = Receiver()

    private func shop(
        _ transport: MisbehavingServer.Transport = .plain, profile: WooCommerceDouble.Profile = .init()
    ) throws -> WooCommerceDouble {
        try WooCommerceDouble(transport, clock: clock, profile: profile) { [receiver] in receiver.take($0) }
    }

    private func call(
        _ shop: WooCommerceDouble, _ method: HTTP.Method, _ path: String, json: String = "", headers: Headers = [:]
    ) throws -> (status: Int, json: JSON, headers: Headers) {
        let client = try CurlClient(version: "test", clock: clock, extraAuthority: shop.authority)
        let answer = try client.send(
            OutboundRequest(
                method, shop.url + path, headers: headers, body: Array(json.utf8),
                hosts: AllowedHosts(namedByAdmin: [shop.host]), repeatable: true))
        return (answer.status, try JSON(parsing: answer.body), answer.headers)
    }

    /// With the shop's own keys.
    private func ask(
        _ shop: WooCommerceDouble, _ method: HTTP.Method, _ path: String, json: String = ""
    ) throws -> (status: Int, json: JSON, headers: Headers) {
        try call(shop, method, "/wp-json/wc/v3/" + path, json: json, headers: basic(shop))
    }

    private func basic(_ shop: WooCommerceDouble) -> Headers {
        let pair = Array("\(shop.consumerKey):\(shop.consumerSecret.reveal())".utf8)
        return ["Authorization": "Basic " + pair.base64, "Content-Type": "application/json"]
    }

    @Test func `takes basic authentication and query keys over TLS alone`() throws {
        let path = "/wp-json/wc/v3/orders"
        let sealed = try shop(.tls)
        let pair = "?consumer_key=\(sealed.consumerKey)&consumer_secret=\(sealed.consumerSecret.reveal())"
        #expect(try call(sealed, .get, path, headers: basic(sealed)).status == 200)
        #expect(try call(sealed, .get, path + pair).status == 200)
        let open = try shop()
        for headers in [basic(open), [:]] {
            let answer = try call(open, .get, path + pair, headers: headers)
            #expect(answer.status == 401)
            #expect(answer.json["code"].string == "woocommerce_rest_cannot_view")
        }
    }

    @Test func `tells a wrong secret from an unknown key`() throws {
        let shop = try shop(.tls)
        let wrong = try call(
            shop, .get, "/wp-json/wc/v3/orders?consumer_key=\(shop.consumerKey)&consumer_secret=cs_no")
        #expect(wrong.json["code"].string == "woocommerce_rest_authentication_error")
        shop.revoke(shop.consumerKey)
        let unknown = try ask(shop, .post, "coupons", json: #"{"code":"X6","amount":"1"}"#)
        #expect(unknown.status == 401)
        #expect(unknown.json["code"].string == "woocommerce_rest_cannot_create")
    }

    /// Signed by hand here, as RFC 5849 has it: the parameters sorted, encoded, and encoded once more.
    @Test func `checks the signature of OAuth over plain http`() throws {
        let shop = try shop()
        let url = shop.url + "/wp-json/wc/v3/orders"
        let list = [
            "oauth_consumer_key=\(shop.consumerKey)", "oauth_nonce=n1", "oauth_signature_method=HMAC-SHA256",
            "oauth_timestamp=\(clock.now().milliseconds / 1000)", "status=on-hold%2Cpending",
        ].joined(separator: "&")
        let text = "GET&\(URLEncoding.encode(url))&\(URLEncoding.encode(list))"
        let code = Signature(key: Secret(shop.consumerSecret.reveal() + "&")).code(for: text).base64
        let signed = "/wp-json/wc/v3/orders?\(list)&oauth_signature=\(URLEncoding.encode(code))"
        #expect(try call(shop, .get, signed).status == 200)
        let again = try call(shop, .get, signed)
        #expect(again.status == 401)
        #expect(again.json["message"].string == "Invalid nonce - nonce has already been used.")
        #expect(try call(shop, .get, signed.replacing("on-hold", with: "failed")).status == 401)
    }

    @Test func `answers with the errors that were recorded`() throws {
        let shop = try shop(.tls)
        _ = try ask(shop, .post, "coupons", json: #"{"code":"FIVE","amount":"5"}"#)
        let cases: [(HTTP.Method, String, String, Int, String)] = [
            (.get, "orders/999999", "", 404, "woocommerce_rest_shop_order_invalid_id"),
            (.get, "orders?per_page=101", "", 400, "rest_invalid_param"),
            (.post, "coupons", #"{"code":"#, 400, "rest_invalid_json"),
            (.post, "coupons", #"{"amount":"5"}"#, 400, "rest_missing_callback_param"),
            (.post, "coupons", #"{"code":"five"}"#, 400, "woocommerce_rest_coupon_code_already_exists"),
            (.post, "coupons", #"{"code":"a","discount_type":"pct"}"#, 400, "rest_invalid_param"),
            (
                .post, "coupons", #"{"code":"a","discount_type":"percent","amount":"150"}"#, 400,
                "coupon_invalid_amount"
            ),
            (
                .post, "webhooks", #"{"topic":"order.paid","delivery_url":"http://a.example/"}"#, 400,
                "woocommerce_rest_shop_webhook_invalid_topic"
            ),
            (
                .post, "webhooks", #"{"topic":"order.created","delivery_url":"ftp://a.example/"}"#, 400,
                "woocommerce_rest_shop_webhook_invalid_delivery_url"
            ),
            (.get, "nothing", "", 404, "rest_no_route"),
        ]
        for (method, path, json, status, code) in cases {
            let answer = try ask(shop, method, path, json: json)
            #expect(answer.status == status, "\(path) \(json)")
            #expect(answer.json["code"].string == code)
            #expect(answer.json["data"]["status"].int == status)
        }
    }

    @Test func `lowers coupon codes and drops bad addresses and dates without a word`() throws {
        let shop = try shop(.tls)
        let json = #"{"code":"ÑANDÚ 10 <b>","email_restrictions":["nope"],"date_expires":"soon"}"#
        let answer = try ask(shop, .post, "coupons", json: json)
        #expect(answer.status == 201)
        #expect(answer.json["code"].string == "ñandú 10")
        #expect(answer.json["email_restrictions"].array?.isEmpty == true)
        #expect(answer.json["date_expires"].isNull)
        let batch = try ask(shop, .post, "coupons/batch", json: #"{"create":[{"code":"b1"},{"code":"B1"}]}"#)
        #expect(batch.status == 200)
        #expect(batch.json["create"][1]["error"]["code"].string == "woocommerce_rest_coupon_code_already_exists")
    }

    @Test func `finds what changed since a moment, page by page, in its own time or in UTC`() throws {
        var profile = WooCommerceDouble.Profile()
        profile.offset = .hours(9)
        let shop = try shop(.tls, profile: profile)
        let start = clock.now()
        for second in 1...5 { shop.placeOrder(at: start + .seconds(Int64(second))) }
        let after = ShopValueText.second(start + .seconds(2))
        let path = "orders?modified_after=\(after)&orderby=modified&order=asc&per_page=2"
        let utc = try ask(shop, .get, path + "&dates_are_gmt=true")
        #expect(utc.json.array?.compactMap { $0["id"].int } == [103, 104])
        #expect(utc.headers["X-WP-Total"] == "3")
        #expect(utc.headers["X-WP-TotalPages"] == "2")
        #expect(utc.json[0]["date_modified"].string != utc.json[0]["date_modified_gmt"].string)
        // Nine hours later in the shop's own time: everything came after.
        #expect(try ask(shop, .get, path).headers["X-WP-Total"] == "5")
    }

    @Test func `pings a new webhook, then signs each delivery`() throws {
        let shop = try shop(.tls)
        let json = #"{"topic":"order.created","delivery_url":"https://us.example/hook","secret":"s3"}"#
        let made = try ask(shop, .post, "webhooks", json: json)
        #expect(made.status == 201)
        #expect(!made.json["secret"].exists)
        let ping = try #require(receiver.got.first)
        #expect(ping.body == Array("webhook_id=1".utf8))
        #expect(!ping.headers.fields.contains { $0.name.hasPrefix("X-WC") })
        let order = shop.placeOrder()
        shop.setStatus("completed", of: order)
        shop.deliver()
        let sent = try #require(receiver.got.last)
        #expect(receiver.got.count == 2)
        #expect(sent.headers["X-WC-Webhook-Topic"] == "order.created")
        #expect(try JSON(parsing: sent.body)["status"].string == "completed")
        #expect(
            Signature(key: Secret("s3")).isValid(
                base64: sent.headers["X-WC-Webhook-Signature"] ?? "", for: sent.body))
        #expect(sent.body.allSatisfy { $0 < 0x80 })
    }

    @Test func `switches a webhook off on the seventh failure, and does not forgive when it is switched on`() throws {
        let shop = try shop(.tls)
        receiver.answer(500)
        let json = #"{"topic":"order.created","delivery_url":"https://us.example/hook","secret":"s3"}"#
        _ = try ask(shop, .post, "webhooks", json: json)
        func fail() {
            shop.placeOrder()
            shop.deliver()
        }
        for _ in 1...6 { fail() }
        #expect(shop.webhooks[0]["status"].string == "active")
        fail()
        #expect(shop.webhooks[0]["status"].string == "disabled")
        let sent = receiver.got.count
        fail()
        #expect(receiver.got.count == sent)
        _ = try ask(shop, .put, "webhooks/1", json: #"{"status":"active"}"#)
        fail()
        #expect(shop.webhooks[0]["status"].string == "disabled")
        _ = try ask(shop, .put, "webhooks/1", json: #"{"status":"active"}"#)
        receiver.answer(302)
        fail()
        receiver.answer(nil)
        for _ in 1...6 { fail() }
        #expect(shop.webhooks[0]["status"].string == "active")
    }

    @Test func `refuses private addresses and odd ports when it is picky`() throws {
        let shop = try shop(.tls)
        shop.refusesOddAddresses = true
        for url in ["http://127.0.0.1:8099/x", "http://192.168.1.9/x", "https://us.example:8443/x"] {
            _ = try ask(shop, .post, "webhooks", json: #"{"topic":"order.created","delivery_url":"\#(url)"}"#)
        }
        #expect(receiver.got.isEmpty)
        let json = #"{"topic":"order.created","delivery_url":"https://us.example/x"}"#
        _ = try ask(shop, .post, "webhooks", json: json)
        #expect(receiver.got.count == 1)
    }

    @Test func `tells of a note to the customer by an action, without the note's id`() throws {
        let shop = try shop(.tls)
        let topic = "action.woocommerce_new_customer_note"
        let json = #"{"topic":"\#(topic)","delivery_url":"https://us.example/x","secret":"s"}"#
        _ = try ask(shop, .post, "webhooks", json: json)
        let order = shop.placeOrder()
        shop.addNote("not for you", to: order, isForCustomer: false)
        shop.addNote("<b>Ready</b> & waiting", to: order)
        shop.deliver()
        let expected =
            #"{"action":"woocommerce_new_customer_note","arg":{"order_id":101,"customer_note":"<b>Ready<\/b> & waiting"}}"#
        #expect(receiver.got.last.map { String(decoding: $0.body, as: UTF8.self) } == expected)
        #expect(try ask(shop, .get, "orders/101/notes?type=customer").json.array?.count == 1)
    }

    @Test func `hands out keys to whom a person approves`() throws {
        let shop = try shop()
        let form = Form([
            ("app_name", "Cartwright"), ("scope", "read_write"), ("user_id", "abc"),
            ("return_url", "https://us.example/back"), ("callback_url", "http://us.example/keys"),
        ])
        let client = try CurlClient(version: "test", clock: clock)
        let hosts = AllowedHosts(namedByAdmin: [shop.host])
        let asked = try client.send(
            OutboundRequest(
                .get, shop.url + "/wc-auth/v1/authorize?" + String(decoding: form.encoded, as: UTF8.self),
                hosts: hosts, repeatable: true))
        #expect(String(decoding: asked.body, as: UTF8.self).contains("Cartwright would like to connect"))
        func approve() throws -> OutboundResponse {
            try client.send(
                OutboundRequest(
                    .post, shop.url + "/wc-auth/v1/access_granted",
                    headers: ["Content-Type": "application/x-www-form-urlencoded"], body: form.encoded, hosts: hosts,
                    repeatable: false))
        }
        let granted = try approve()
        #expect(granted.status == 302)
        #expect(granted.headers["Location"] == "https://us.example/back?success=1&user_id=abc")
        let keys = try JSON(parsing: try #require(receiver.got.first).body)
        #expect(keys["consumer_key"].string?.hasPrefix("ck_") == true)
        #expect(keys["key_permissions"].string == "read_write")
        shop.allowsPlainCallback = false
        #expect(try approve().status == 400)
    }
}

enum ShopValueText {
    /// As WordPress takes it.
    static func second(_ time: Timestamp) -> String { String(time.rfc3339.prefix(19)) }
}
