import PluginKit
import App
import Database
import SQL
import Core
import Domain
import HTTP
import Store
import TestSupport
import Testing

@Suite struct `At the checkout` {
    @Test func `nothing is agreed to beforehand`() throws {
        let visitor = ShopVisitor(try .withShop())
        try visitor.get("/shop")
        try visitor.post("/shop/cart", ["product": "yarn"])
        let page = try visitor.get("/shop/checkout")
        #expect(page.text.contains("name=\"consent.orders\""))
        #expect(page.text.contains("name=\"consent.marketing\""))
        #expect(page.text.matches(of: /type="checkbox"[^>]*checked/).isEmpty)
        #expect(page.text.contains("value=\"US\" selected"))
    }

    @Test func `an order is given to the house as it was typed`() throws {
        let visitor = ShopVisitor(try .withShop())
        let placed = try visitor.order(["phone": " (202) 555-0141 ", "payment": "bacs", "shipping": "express"])
        #expect(placed.status == 303)
        let stored = try #require(try visitor.house.orders().first)
        let order = stored.order
        #expect(order.shop == "demo")
        #expect(order.number == "1001")
        #expect(order.status == "on-hold")
        #expect(order.total == Money(minorUnits: 2570, currency: "USD"))
        #expect(order.items.map(\.name) == ["Merino wool, moss green"])
        #expect(order.items.map(\.quantity) == [2])
        #expect(order.items.map(\.total.minorUnits) == [1780])
        #expect(order.paymentMethod == "bacs")
        #expect(order.shippingMethod == "express")
        #expect(order.customer.phone == "(202) 555-0141")
        #expect(order.customer.email == "ana@example.com")
        #expect(order.locale == "en")
        #expect(order.paymentURL == "https://cartwright.example" + (placed.location ?? ""))
        let contact = try visitor.house.host.database.read { try ContactsTable.find(phone: "+12025550141", in: $0) }
        #expect(contact?.id == stored.contactID)
        #expect(try visitor.get("/shop").words.contains("Cart (0)"))
    }

    @Test func `the message is on its way at once`() throws {
        let visitor = ShopVisitor(try .withShop())
        _ = try visitor.order()
        try visitor.house.work()
        #expect(Set(visitor.house.channel.texts) == ["1001 placed", "1001 processing", "1001 paid"])
        #expect(visitor.house.channel.messages.allSatisfy { $0.phone == "+12025550141" })
    }

    @Test func `what was agreed to is on record as it was read`() throws {
        let visitor = ShopVisitor(try .withShop())
        let form = try visitor.order()
        let contact = try #require(try visitor.house.orders().first?.contactID)
        let (rows, details) = try visitor.house.host.database.read { tx in
            let rows = try ConsentsTable.all(of: contact, in: tx)
            return (rows, try ConsentsTable.details(of: rows.map(\.id), in: tx))
        }
        #expect(rows.map(\.purpose) == [.orders])
        #expect(rows.first?.kind == .grant)
        #expect(rows.first?.source == "checkout")
        #expect(rows.first?.wordingLanguage == "en")
        #expect(rows.first?.wordingVersion?.count == 8)
        let kept = Dictionary(uniqueKeysWithValues: details.map { ($0.detail, $0.value) })
        #expect(kept[.phone] == "+12025550141")
        #expect(kept[.page] == "https://cartwright.example/shop/checkout")
        #expect(kept[.address] == "198.51.100.20")
        #expect(kept[.agent] == "Visitor/1.0")
        #expect(kept[.wording]?.contains("write to me on WhatsApp about my order") == true)
        let page = try visitor.get(try #require(form.location))
        #expect(page.words.contains("You agreed to messages about your order."))
    }

    @Test func `who agrees to nothing is told so, and nothing leaves`() throws {
        let visitor = ShopVisitor(try .withShop())
        let placed = try visitor.order(["consent.orders": ""])
        #expect(try visitor.house.count("SELECT count(*) FROM consents") == 0)
        #expect(
            try visitor.get(try #require(placed.location)).words.contains("You did not agree to messages"))
        try visitor.house.work()
        #expect(visitor.house.channel.texts.isEmpty)
    }

    @Test(arguments: [
        ("first_name", "", "Enter a first name."), ("last_name", " ", "Enter a last name."),
        ("first_name", String(repeating: "a", count: 101), "This is too long"),
        ("country", "XX", "Choose the country."),
        ("phone", "", "Enter a phone number."), ("phone", "call me", "This is not a phone number."),
        ("phone", "12", "The number is too short."), ("phone", "+1 202 555 0141 0141 0141", "The number is too long."),
        ("phone", "+999 123 456 789", "It is not clear which country"), ("phone", "+1 900 555 0141", "Premium"),
        ("email", "ana@", "Enter an email address"), ("email", "ana example.com", "Enter an email address"),
    ])
    func `a mistake is explained and nothing typed is lost`(field: String, value: String, words: String) throws {
        let visitor = ShopVisitor(try .withShop())
        let answer = try visitor.order([field: value, "payment": "cod", "shipping": "local_pickup"])
        #expect(answer.status == 422)
        #expect(answer.words.contains(words))
        #expect(answer.text.contains("href=\"#\(field)\""))
        for (name, typed) in Filled.form.merging([field: value], uniquingKeysWith: { $1 })
        where ["first_name", "last_name", "phone", "email"].contains(name) {
            #expect(answer.value(of: name) == typed.drop { $0 == " " }.description)
        }
        #expect(answer.text.contains("value=\"cod\" checked"))
        #expect(answer.text.contains("value=\"local_pickup\" checked"))
        #expect(answer.text.contains("name=\"consent.orders\" value=\"true\" checked"))
        #expect(try visitor.house.orders().isEmpty)
    }

    @Test func `a form that is sent twice is one order, and undoes nothing`() throws {
        let visitor = ShopVisitor(try .withShop())
        try visitor.get("/shop")
        try visitor.post("/shop/cart", ["product": "yarn"])
        let form = try visitor.checkout(["payment": "bacs"])
        let first = try visitor.post("/shop/checkout", form)
        let key = try #require(first.location?.split(separator: "=").last)
        visitor.house.clock.advance(by: .seconds(1))
        try visitor.post("/shop/orders/1001/pay", ["key": String(key)])
        visitor.keep("cartwright_cart", "yarn:1")
        let second = try visitor.post("/shop/checkout", form)
        #expect(second.location == first.location)
        #expect(try visitor.house.orders().map(\.order.status) == ["processing"])
    }

    @Test func `words that were changed meanwhile are shown again, unticked`() throws {
        let visitor = ShopVisitor(try .withShop())
        let answer = try visitor.order(["wording_version": "00000000"])
        #expect(answer.status == 422)
        #expect(answer.words.contains("These sentences have changed."))
        #expect(answer.text.matches(of: /type="checkbox"[^>]*checked/).isEmpty)
        #expect(try visitor.house.count("SELECT count(*) FROM consents") == 0)
    }

    @Test func `a site in a country that the shop does not know asks for one`() throws {
        let visitor = ShopVisitor(try .withShop(["site.country": "IS"]))
        try visitor.get("/shop")
        try visitor.post("/shop/cart", ["product": "yarn"])
        #expect(try visitor.get("/shop/checkout").words.contains("Choose a country"))
        #expect(try visitor.order(["country": ""]).words.contains("Choose the country."))
    }

    @Test(arguments: ["", "?key=demo_wrong", "?key="])
    func `an order's page opens to its key alone`(query: String) throws {
        let visitor = ShopVisitor(try .withShop())
        let placed = try visitor.order()
        #expect(try visitor.get(try #require(placed.location)).words.contains("Thank you, Ana!"))
        #expect(try visitor.get("/shop/orders/1001" + query).status == 404)
        #expect(try visitor.post("/shop/orders/1001/pay", ["key": "demo_wrong"]).status == 404)
    }
}
