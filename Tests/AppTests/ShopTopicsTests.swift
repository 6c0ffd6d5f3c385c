import Core
import HTTP
import TestSupport
import Testing
import Text
import WooCommerce

/// What the shop tells besides orders, from its webhook to where people and programs see it.
struct ShopTopicsTests {
    private static let secret = "s3cret & <sound>"

    private func house() throws -> TestHost {
        try TestHost(plugins: [WooCommercePlugin()], settings: ["woocommerce.webhook_secret": Self.secret])
    }

    private func deliver(_ names: String..., to house: TestHost) throws {
        for name in names {
            let delivery = try #require(WooCommerceReplay.fixture(name))
            let answer = try house.send(
                .post, "/hooks/woocommerce", .bytes(delivery.body, type: "application/json"),
                headers: delivery.headers)
            #expect(answer.status == 200)
        }
        try house.work()
    }

    @Test func `a customer becomes a contact who agreed to nothing`() throws {
        let house = try house()
        try deliver("071-customer.updated", to: house)
        let key = try house.key(.read)
        let list = try house.get("/api/v1/contacts", as: key).json()
        let contact = list["data"][0]
        #expect(contact["phone"].string == "+61491570006")
        #expect(contact["last_name"].string == "Hale")
        #expect(contact["locale"].string == "pt-BR")
        for (_, standing) in contact["consents"].object ?? [] { #expect(standing["state"].string == "none") }
        #expect(house.channel.messages.isEmpty)
    }

    @Test func `an order's page shows the pictures of what was ordered`() throws {
        let house = try house()
        try deliver("010-order.created", "072-product.updated", to: house)
        let key = try house.key(.read)
        let id = try #require(house.get("/api/v1/orders", as: key).json()["data"][0]["id"].string)
        let page = try house.get("/admin/orders/\(id)", as: house.person())
        #expect(page.text.contains(#"src="https://shop.example/images/tea.jpg""#))
        #expect(page.text.components(of: "class=\"thumb\"") == 1)
        #expect(page.text.contains("Cash on delivery"))
    }

    @Test func `products and coupons are read by the API in their published shape`() throws {
        let house = try house()
        try deliver("070-coupon.created", "072-product.updated", to: house)
        let key = try house.key(.read)
        let shapes = try APIShapes(house)
        let products = try house.get("/api/v1/products", as: key).json()
        let coupons = try house.get("/api/v1/coupons?code=WELCOME10", as: key).json()
        #expect(shapes.problems(ofEach: products, as: "Product").isEmpty)
        #expect(shapes.problems(ofEach: coupons, as: "Coupon").isEmpty)
        #expect(products["data"][0]["price"]["amount"].string == "8.90")
        #expect(coupons["data"][0]["usage_count"].int == 3)
        #expect(try house.get("/api/v1/coupons?code=none", as: key).json()["data"].array?.isEmpty == true)
        for (list, name) in [(products, "products"), (coupons, "coupons")] {
            let id = try #require(list["data"][0]["id"].string)
            let one = try house.get("/api/v1/\(name)/\(id)", as: key).json()
            #expect(one["id"].string == id)
            #expect(try house.get("/api/v1/\(name)/17", as: key).status == 404)
        }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { split(separator: part).count - 1 }
}
