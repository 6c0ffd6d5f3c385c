import Core
import HTTP
import PluginKit
import Templating
import TestSupport
import Testing
import Text
import WooCommerce

/// How the shop is asked, and what its silence and refusals are called.
@Suite struct `The client of the shop's REST API` {
    private let house: PluginContextDouble
    private let client: ShopClient

    init() throws {
        house = try PluginContextDouble(clock: FixedClock(Timestamp(seconds: 1_767_225_600)))
        house.settings["woocommerce.store_url"] = "https://shop.example"
        house.settings["woocommerce.consumer_key"] = "ck_0123"
        house.settings["woocommerce.consumer_secret"] = "cs_4567"
        client = ShopClient(settings: house.settings, http: house.http, clock: house.clock) { "n0nce" }
    }

    private static let orders = "https://shop.example/wp-json/wc/v3/orders"

    private func answer(_ status: Int, _ body: String, _ headers: Headers = [:]) -> OutboundResponse {
        OutboundResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test func `over https proves its keys by basic authentication`() throws {
        let list = answer(200, "[]", ["X-WP-Total": "14", "X-WP-TotalPages": "2"])
        house.http.expect(.get, Self.orders + "?per_page=10", answer: list)
        let found = try client.get("orders", query: [("per_page", "10")])
        #expect(found.json.array?.isEmpty == true)
        #expect(found.total == 14)
        #expect(found.pages == 2)
        let request = try #require(house.http.requests.first)
        // printf ck_0123:cs_4567 | base64
        #expect(request.headers["Authorization"] == "Basic Y2tfMDEyMzpjc180NTY3")
        #expect(request.hosts == AllowedHosts(namedByAdmin: ["shop.example"]))
    }

    /// The signature is what Python's hmac and urllib.parse.quote make of RFC 5849, 3.4.1 by hand.
    @Test func `over plain http signs and keeps the secret at home`() throws {
        house.settings["woocommerce.store_url"] = "http://192.168.1.20:8080/tienda"
        let url =
            "http://192.168.1.20:8080/tienda/wp-json/wc/v3/orders?status=any"
            + "&search=%C3%91and%C3%BA%20%26%2010%25%20off&page=2&oauth_consumer_key=ck_0123&oauth_nonce=n0nce"
            + "&oauth_signature_method=HMAC-SHA256&oauth_timestamp=1767225600"
            + "&oauth_signature=JQFSXdvx0yRZAxAa9ZUn173%2BALwvQ2bYaijgDDAW2sA%3D"
        house.http.expect(.get, url, answer: answer(200, "[]"))
        _ = try client.get("orders", query: [("status", "any"), ("search", "Ñandú & 10% off"), ("page", "2")])
        let request = try #require(house.http.requests.first)
        #expect(request.headers["Authorization"] == nil)
        #expect(!request.url.contains("cs_4567"))
    }

    @Test func `puts the keys in the query where the web server takes the header away, and remembers it`() throws {
        let nobody = #"{"code":"woocommerce_rest_cannot_view","message":"Sorry.","data":{"status":401}}"#
        let withKeys = Self.orders + "?consumer_key=ck_0123&consumer_secret=cs_4567"
        house.http.expect(.get, Self.orders, answer: answer(401, nobody))
        house.http.expect(.get, withKeys, answer: answer(200, "[]"))
        house.http.expect(.get, withKeys, answer: answer(200, "[]"))
        _ = try client.get("orders")
        _ = try client.get("orders")
        house.http.verify()
    }

    @Test func `does not put a wrong secret anywhere else`() throws {
        let wrong =
            #"{"code":"woocommerce_rest_authentication_error","message":"Consumer secret is invalid.","data":{"status":401}}"#
        house.http.expect(.get, Self.orders, answer: answer(401, wrong))
        let error = #expect(throws: ShopError.self) { try client.get("orders") }
        #expect(error?.kind == .refusedKeys(code: "woocommerce_rest_authentication_error"))
        #expect(error?.word.arguments["message"] == .text("Consumer secret is invalid."))
    }

    @Test func `asks by the query where WordPress has plain permalinks`() throws {
        house.http.expect(.get, Self.orders + "?page=1", answer: answer(404, "<html>Not Found</html>"))
        let plain = "https://shop.example/index.php?rest_route=%2Fwc%2Fv3%2Forders&page="
        house.http.expect(.get, plain + "1", answer: answer(200, "[]"))
        house.http.expect(.get, plain + "2", answer: answer(200, "[]"))
        _ = try client.get("orders", query: [("page", "1")])
        _ = try client.get("orders", query: [("page", "2")])
        house.http.verify()
    }

    @Test func `says so when the keys are not read because of them`() throws {
        let nobody = #"{"code":"woocommerce_rest_cannot_view","message":"Sorry.","data":{"status":401}}"#
        let plain = "https://shop.example/index.php?rest_route=%2Fwc%2Fv3%2Forders"
        house.http.expect(.get, Self.orders, answer: answer(404, "<html>Not Found</html>"))
        house.http.expect(.get, plain, answer: answer(401, nobody))
        house.http.expect(.get, plain + "&consumer_key=ck_0123&consumer_secret=cs_4567", answer: answer(401, nobody))
        let error = #expect(throws: ShopError.self) { try client.get("orders") }
        #expect(error?.kind == .plainPermalinks)
    }

    @Test(arguments: [
        (301, "", ShopError.Kind.moved(to: "https://www.shop.example/")),
        (401, "<html>Password, please</html>", .refusedKeys(code: "")),
        (403, "<!DOCTYPE html>Attention required", .forbidden),
        (403, #"{"code":"rest_forbidden","message":"No."}"#, .forbidden),
        (404, #"{"code":"rest_no_route","message":"No route."}"#, .notWooCommerce),
        (404, #"{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID."}"#, .notFound),
        (
            400, #"{"code":"rest_invalid_param","message":"Invalid parameter(s): &quot;type&quot;"}"#,
            .refused(
                code: "rest_invalid_param", message: "Invalid parameter(s): \"type\"", status: 400)
        ),
        (429, "slow down", .busy),
        (500, #"{"code":"internal_server_error","message":"There has been a critical error."}"#, .server(status: 500)),
        (503, "<html>Briefly unavailable</html>", .server(status: 503)),
        (200, "<html>Welcome</html>", .unreadable),
        (200, "", .unreadable),
    ])
    func `gives every answer that is none a name`(status: Int, body: String, kind: ShopError.Kind) throws {
        let headers: Headers = ["Location": "https://www.shop.example/"]
        house.http.expect(.get, Self.orders, answer: answer(status, body, headers))
        let error = #expect(throws: ShopError.self) { try client.get("orders") }
        #expect(error?.kind == kind)
        house.http.verify()
    }

    @Test(arguments: [
        ("\u{feff}[]", "byte order mark"),
        ("\n<b>Notice</b>:  Undefined variable in <b>/srv/plugin.php</b> []", "message of PHP"),
        ("Deprecated: something is old []", "message of PHP"),
        ("<!DOCTYPE html><title>Maintenance</title>", "a web page"),
        ("  ", "empty"),
    ])
    func `names what stands in the JSON's way`(body: String, words: String) throws {
        house.http.expect(.get, Self.orders, answer: answer(200, body))
        let error = #expect(throws: ShopError.self) { try client.get("orders") }
        #expect(error?.detail.contains(words) == true)
    }

    @Test(arguments: [
        (HTTPClientError(.notSent, "no such host", curlCode: 6), ShopError.Kind.unreachable),
        (HTTPClientError(.notSent, "connect timed out", curlCode: 28), .timedOut),
        (HTTPClientError(.unknown, "nothing came", lastByteWritten: true, curlCode: 28), .timedOut),
        (HTTPClientError(.notSent, "certificate has expired", curlCode: 60), .certificate),
        (HTTPClientError(.tooLarge, "too large"), .unreadable),
    ])
    func `gives every silence a name`(failure: HTTPClientError, kind: ShopError.Kind) throws {
        house.http.expect(.get, Self.orders, failure: failure)
        let error = #expect(throws: ShopError.self) { try client.get("orders") }
        #expect(error?.kind == kind)
    }

    @Test func `posts once, and puts and deletes by the same road`() throws {
        house.http.expect(.post, Self.orders, answer: answer(201, #"{"id":7}"#))
        house.http.expect(.put, Self.orders + "/7", answer: answer(200, #"{"id":7}"#))
        house.http.expect(.delete, Self.orders + "/7?force=true", answer: answer(200, #"{"id":7}"#))
        #expect(try client.post("orders", json: Array(#"{"a":1}"#.utf8)).json["id"].int == 7)
        _ = try client.put("orders/7", json: Array("{}".utf8))
        _ = try client.delete("orders/7", query: [("force", "true")])
        #expect(house.http.requests.map(\.repeatable) == [false, true, true])
        #expect(house.http.requests[0].headers["Content-Type"] == "application/json")
        #expect(house.http.requests[0].body == Array(#"{"a":1}"#.utf8))
    }

    @Test func `asks nobody without an address, without keys, or with keys that cannot be opened`() throws {
        house.settings.spoil("woocommerce.consumer_secret")
        #expect(throws: ShopError.self) { try client.get("orders") }
        house.settings["woocommerce.store_url"] = nil
        let error = #expect(throws: ShopError.self) { try client.get("orders") }
        #expect(error?.kind == .notSetUp)
        #expect(house.http.requests.isEmpty)
    }

    @Test func `asks WordPress what it is without showing keys`() throws {
        let url =
            "https://shop.example/tienda/wp-json/"
            + "?_fields=name%2Curl%2Chome%2Cgmt_offset%2Ctimezone_string%2Cnamespaces"
        house.http.expect(.get, url, answer: answer(200, #"{"name":"Wool & Wire"}"#))
        let address = try #require(ShopAddress("https://SHOP.example:443/tienda/"))
        #expect(try client.index(at: address).json["name"].string == "Wool & Wire")
        #expect(house.http.requests[0].headers["Authorization"] == nil)
    }
}
