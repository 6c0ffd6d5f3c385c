import Core
import Domain
import HTTP
import PluginKit
import TestSupport
import Testing
import Text
import WooCommerce

/// Where shops keep the parcels of an order.
@Suite struct `The parcels of an order` {
    private let house: PluginContextDouble
    private let parts: PluginParts

    init() throws {
        house = try PluginContextDouble()
        parts = try WooCommercePlugin().parts(house.context)
    }

    private func order(meta: String) throws -> Order {
        let body = """
            {"id":7,"status":"completed","currency":"EUR","total":"1","date_modified_gmt":"2026-11-20T08:15:07",
            "meta_data":\(meta)}
            """
        let delivery = Delivery(
            id: ID(1), endpoint: "woocommerce", topic: "order.updated", receivedAt: house.clock.now(),
            body: Array(body.utf8), lane: nil)
        guard case .effects(let effects)? = parts.deliveryReaders.first?.read(delivery),
            case .order(let order)? = effects.first
        else { throw NotRead() }
        return order
    }

    private struct NotRead: Error {}

    @Test(
        arguments: [
            (
                "Shipment Tracking",
                #"[{"key":"_wc_shipment_tracking_items","value":[{"tracking_number":"A1","custom_tracking_link":"https://a.example/1"},{"tracking_number":"A2","custom_tracking_link":"https://a.example/2"}]}]"#,
                "A1, A2", "https://a.example/2"
            ),
            (
                "Advanced Shipment Tracking",
                #"[{"key":"_wc_shipment_tracking_items","value":[{"tracking_number":77,"custom_tracking_link":"","ast_tracking_link":"https://a.example/77"}]}]"#,
                "77", "https://a.example/77"
            ),
            (
                "AfterShip",
                #"[{"key":"_aftership_tracking_items","value":[{"slug":"ups","tracking_number":"1Z9"}]},{"key":"_aftership_tracking_number","value":"1Z9"}]"#,
                "1Z9", nil
            ),
            ("AfterShip, older", #"[{"key":"_aftership_tracking_number","value":"1Z9"}]"#, "1Z9", nil),
            (
                "ParcelPanel",
                #"[{"key":"_parcelpanel_shipping_numbers","value":"{\"P1\":{\"tracking_number\":\"P1\",\"courier_code\":\"dhl\"},\"P2\":{\"tracking_number\":\"P2\"}}"}]"#,
                "P1, P2", nil
            ),
            (
                "DHL for WooCommerce",
                #"[{"key":"_pr_shipment_dhl_label_tracking","value":{"tracking_number":["D1","D2"],"label_path":"x"}}]"#,
                "D1, D2", nil
            ),
            (
                "DHL for WooCommerce, one",
                #"[{"key":"_pr_shipment_dhl_label_tracking","value":{"tracking_number":"D1"}}]"#, "D1", nil
            ),
            ("YITH", #"[{"key":"ywot_tracking_code","value":"Y1"}]"#, "Y1", nil),
            (
                "fields of its own",
                #"[{"key":"_tracking_number","value":"T1, T2 ,T1"},{"key":"_tracking_url","value":"https://t.example/"}]"#,
                "T1, T2", "https://t.example/"
            ),
            (
                "nothing that is one",
                #"[{"key":"_wc_shipment_tracking_items","value":""},{"key":"_parcelpanel_shipping_numbers","value":"[]"},{"key":"_pr_shipment_dhl_label_tracking","value":""},{"key":"_tracking_url","value":"javascript:alert(1)"}]"#,
                nil, nil
            ),
        ] as [(String, String, String?, String?)])
    func `are read where plugins of the shop keep them`(
        plugin: String, meta: String, number: String?, url: String?
    ) throws {
        let order = try order(meta: meta)
        #expect(order.trackingNumber == number)
        #expect(order.trackingURL == url)
        #expect(!order.keepsParcels)
    }

    // MARK: Fulfilments

    private static let fulfilled = #"[{"key":"_fulfillment_status","value":"partially_fulfilled"}]"#

    private func watch(_ order: Order) throws -> Order {
        let hook = try #require(parts.hooks.first { $0.hook == Hooks.orderReceived.id })
        return try #require(hook.run(order) as? Order)
    }

    @Test(arguments: [
        ("fulfilled", true), ("partially_fulfilled", true), ("unfulfilled", false), ("no_fulfillments", false),
    ])
    func `stand beside the order where the shop has fulfilments`(state: String, keeps: Bool) throws {
        let order = try order(meta: #"[{"key":"_fulfillment_status","value":"\#(state)"}]"#)
        #expect(order.keepsParcels == keeps)
    }

    @Test func `are asked for once, when there are keys to ask with`() throws {
        let order = try order(meta: Self.fulfilled)
        #expect(try watch(order) == order)
        #expect(house.jobs.asked.isEmpty)
        house.settings["woocommerce.consumer_key"] = "ck_1"
        #expect(try watch(order) == order)
        var plain = order
        plain.keepsParcels = false
        _ = try watch(plain)
        #expect(house.jobs.asked.map(\.payload) == ["7"])
        #expect(house.jobs.asked.first?.dedupe == "woocommerce.fulfilments:7")
    }

    private func expect(_ status: Int, _ body: String) {
        house.http.expect(
            .get, "https://shop.example/wp-json/wc/v3/orders/7/fulfillments",
            answer: OutboundResponse(status: status, headers: [:], body: Array(body.utf8)))
    }

    private func ask() throws {
        house.settings["woocommerce.store_url"] = "https://shop.example"
        house.settings["woocommerce.consumer_key"] = "ck_1"
        house.settings["woocommerce.consumer_secret"] = "cs_1"
        let job = try #require(parts.jobs.first { $0.kind == "woocommerce.fulfilments" })
        try job.run(JobRun(payload: "7", progress: "", save: { _ in }, shouldStop: { false }))
    }

    @Test func `come from what is shipped, and not from what is packed or taken back`() throws {
        func fulfilment(_ number: String, isFulfilled: Bool = true, deleted: String = "null") -> String {
            """
            {"id":1,"status":"fulfilled","is_fulfilled":\(isFulfilled),"date_deleted":\(deleted),"meta_data":[
            {"id":1,"key":"_items","value":[{"item_id":4,"qty":2}]},{"id":2,"key":"_tracking_number","value":"\(number)"},
            {"id":3,"key":"_tracking_url","value":"https://t.example/\(number)"},
            {"id":4,"key":"_shipment_provider","value":"ups"}]}
            """
        }
        let list = [
            fulfilment("F1"), fulfilment("F2", isFulfilled: false),
            fulfilment("F3", deleted: "\"2026-11-20 08:00:00\""), fulfilment("F4"),
        ]
        expect(200, "[\(list.joined(separator: ","))]")
        try ask()
        #expect(
            house.news.told.map(\.meaning) == [
                .effects([
                    .parcels(
                        shop: "woocommerce", externalID: "7", numbers: ["F1", "F4"], url: "https://t.example/F4")
                ])
            ])
        house.http.verify()
    }

    @Test func `are nothing that anybody needs to be told while there is none`() throws {
        expect(200, "[]")
        try ask()
        #expect(house.news.told.isEmpty)
    }

    @Test func `are not asked for again of a shop that has no such route`() throws {
        expect(404, #"{"code":"rest_no_route","message":"No route"}"#)
        let failure = try #require(throws: JobFailure.self) { try ask() }
        guard case .never = failure.retry else {
            Issue.record("it would be asked again")
            return
        }
    }
}
