import DemoShop
import HTTP
import TestSupport
import Testing

@Suite struct `The demo shop` {
    @Test func `shows what there is, each with its page`() throws {
        let visitor = ShopVisitor(try .withShop())
        let shelf = try visitor.get("/shop")
        #expect(shelf.status == 200)
        #expect(shelf.words.contains("Merino wool, moss green $8.90"))
        #expect(shelf.text.matches(of: /href="\/shop\/products\/\w+"/).count == 8)
        let page = try visitor.get("/shop/products/scissors")
        #expect(page.words.contains("For thread only; never for paper."))
        #expect(try visitor.get("/shop/products/anvil").status == 404)
    }

    @Test func `is closed where nobody asked for the demo`() throws {
        let house = try TestHost(plugins: [DemoShopPlugin()])
        #expect(try house.get("/shop").status == 404)
        #expect(try house.get("/admin/demo", as: house.person()).status == 404)
    }

    @Test(arguments: [("JPY", "¥890"), ("KWD", "KWD\u{A0}0.890"), ("EUR", "€8.90")])
    func `asks for round sums in the site's currency`(currency: String, price: String) throws {
        let visitor = ShopVisitor(try .withShop(["site.currency": currency]))
        #expect(try visitor.get("/shop/products/yarn").text.contains(price))
    }

    @Test func `keeps a cart that grows, changes and empties`() throws {
        let visitor = ShopVisitor(try .withShop())
        try visitor.get("/shop")
        #expect(try visitor.post("/shop/cart", ["product": "yarn"]).location == "/shop/cart")
        try visitor.post("/shop/cart", ["product": "yarn", "quantity": "2"])
        try visitor.post("/shop/cart", ["product": "tape"])
        var cart = try visitor.get("/shop/cart")
        #expect(cart.words.contains("Cart (4)"))
        #expect(cart.words.contains("Goods $31.50"))
        try visitor.post("/shop/cart/update", ["product": "yarn", "quantity": "1"])
        try visitor.post("/shop/cart/update", ["product": "tape", "quantity": "0"])
        cart = try visitor.get("/shop/cart")
        #expect(cart.words.contains("Goods $8.90"))
        #expect(!cart.words.contains("Tape measure"))
        try visitor.post("/shop/cart/update", ["product": "yarn", "quantity": "0"])
        #expect(try visitor.get("/shop/cart").words.contains("There is nothing in the cart yet."))
        #expect(try visitor.get("/shop/checkout").location == "/shop/cart")
    }

    @Test(arguments: [
        ("yarn:2|anvil:1|tape:x|:|tape", 2), ("yarn:-5", 0), ("yarn:99999999999999999999", 0), ("yarn:500", 99),
        ("yarn:1|yarn:3", 3), ("%00", 0), ("", 0),
    ])
    func `reads of a meddled cookie what makes sense`(cookie: String, count: Int) throws {
        let visitor = ShopVisitor(try .withShop())
        visitor.keep("cartwright_cart", cookie)
        #expect(try visitor.get("/shop").words.contains("Cart (\(count))"))
    }

    @Test func `takes no form from elsewhere`() throws {
        let house = try TestHost.withShop()
        #expect(try house.post("/shop/cart", form: [(name: "product", value: "yarn")]).status == 403)
    }

    @Test(arguments: ["x", "yarn"])
    func `leaves the cart alone when a quantity is no number`(product: String) throws {
        let visitor = ShopVisitor(try .withShop())
        try visitor.get("/shop")
        try visitor.post("/shop/cart", ["product": "yarn"])
        try visitor.post("/shop/cart/update", ["product": product, "quantity": "many"])
        #expect(try visitor.get("/shop/cart").words.contains("Cart (1)"))
    }
}
