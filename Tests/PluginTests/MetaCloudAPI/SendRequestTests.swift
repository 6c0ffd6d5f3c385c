import Core
import Domain
import HTTP
@testable import MetaCloudAPI
import PluginKit
import TestSupport
import Testing
import Text

@Suite struct `A send to Meta` {
    static let bodies: [OutgoingMessage.Body] = [
        .text("Your order 1042 is paid."),
        .text("See https://shop.example/orders/1042"),
        .template(TemplateCall(name: "hello_world", language: "en_US")),
        .template(
            TemplateCall(
                name: "order_paid", language: "en_US",
                parameters: [.init(name: "2", value: "A-1042"), .init(name: "1", value: "Ada")])),
        .template(
            TemplateCall(
                name: "order_shipped", language: "pt_BR",
                parameters: [.init(name: "first_name", value: "Ada"), .init(name: "carrier", value: "Post\nAG")])),
    ]

    @Test(arguments: bodies) func `has the documented shape`(body: OutgoingMessage.Body) throws {
        let house = try MetaHouse()
        let schema = try MetaSchema.load()
        for message in [
            house.message(body), house.message(body, phone: nil, bsuid: "US.13491208655302741918"),
        ] {
            let json = try JSON(parsing: house.request(message).body, name: "body")
            #expect(schema.violations(of: json, component: "MessagesEndpointRequest") == [])
        }
    }

    @Test func `goes once to the number's messages with the token, to the host that the admin named`() throws {
        let house = try MetaHouse()
        let request = try house.request(house.message(.text("Hello")))
        #expect(request.method == .post)
        #expect(request.url == "https://graph.example/v25.0/100000000000001/messages")
        #expect(request.headers["Authorization"] == "Bearer token-1")
        #expect(request.headers["Content-Type"] == "application/json")
        #expect(!request.repeatable)
        #expect(request.hosts == AllowedHosts(namedByAdmin: ["graph.example"]))
    }

    @Test func `may reach the public Graph API on the internet only`() throws {
        let house = try MetaHouse(["meta.graph_url": nil])
        let request = try house.request(house.message(.text("Hello")))
        #expect(request.url.hasPrefix("https://graph.facebook.com/v25.0/"))
        #expect(request.hosts == AllowedHosts(declared: ["graph.facebook.com"]))
    }

    @Test func `names phone, attempt and text`() throws {
        let house = try MetaHouse()
        let json = try JSON(parsing: house.request(house.message(.text("See https://shop.example"))).body)
        #expect(json["messaging_product"].string == "whatsapp")
        #expect(json["to"].string == "+12025550123")
        #expect(!json["recipient"].exists)
        #expect(json["biz_opaque_callback_data"].string == "77.2")
        #expect(json["text"]["body"].string == "See https://shop.example")
        #expect(json["text"]["preview_url"].bool == true)
        let plain = try JSON(parsing: house.request(house.message(.text("Hello"))).body)
        #expect(plain["text"]["preview_url"].bool == false)
    }

    @Test func `names the user id where the phone is hidden`() throws {
        let house = try MetaHouse()
        let json = try JSON(parsing: house.request(house.message(.text("Hello"), phone: nil, bsuid: "US.1349")).body)
        #expect(json["recipient"].string == "US.1349")
        #expect(!json["to"].exists)
    }

    @Test func `gives a template's parameters by position, whatever order they came in`() throws {
        let house = try MetaHouse()
        let json = try JSON(parsing: house.request(house.message(Self.bodies[3])).body)["template"]
        #expect(json["name"].string == "order_paid")
        #expect(json["language"]["code"].string == "en_US")
        let parameters = json["components"][0]["parameters"].array ?? []
        #expect(parameters.map { $0["text"].string } == ["Ada", "A-1042"])
        #expect(!parameters.contains { $0["parameter_name"].exists })
    }

    @Test func `gives a template's parameters by name`() throws {
        let house = try MetaHouse()
        let json = try JSON(parsing: house.request(house.message(Self.bodies[4])).body)["template"]
        let parameters = json["components"][0]["parameters"].array ?? []
        #expect(parameters.map { $0["parameter_name"].string } == ["first_name", "carrier"])
        #expect(parameters.map { $0["text"].string } == ["Ada", "Post AG"])
    }

    @Test func `leaves out the parts of a template that have no variables`() throws {
        let house = try MetaHouse()
        let json = try JSON(parsing: house.request(house.message(Self.bodies[2])).body)["template"]
        #expect(!json["components"].exists)
    }

    @Test(arguments: [
        ("Ada", "Ada"), ("  Ada ", "Ada"), ("2 × Mug\n1 × Hat", "2 × Mug 1 × Hat"), ("a\tb", "a b"),
        ("a\r\n\r\nb", "a b"),
        ("a   b", "a   b"), ("a    b", "a b"), ("", "-"), (" \n ", "-"), ("12\u{202F}345 €", "12\u{202F}345 €"),
    ])
    func `keeps a parameter within Meta's rules`(value: String, sent: String) {
        #expect(TemplateParameters.fitting(value) == sent)
    }

    @Test(arguments: [
        OutgoingMessage.Body.text(""), .text(" \n"), .text(String(repeating: "é", count: 4097)),
        .template(TemplateCall(name: "", language: "en")), .template(TemplateCall(name: "a", language: "")),
        .template(
            TemplateCall(
                name: "a", language: "en",
                parameters: [.init(name: "1", value: "x"), .init(name: "name", value: "y")])),
        .template(TemplateCall(name: "a", language: "en", parameters: [.init(name: "2", value: "x")])),
        .template(
            TemplateCall(
                name: "a", language: "en", parameters: [.init(name: "n", value: "x"), .init(name: "n", value: "y")])),
    ])
    func `is not built when Meta could not take it`(body: OutgoingMessage.Body) throws {
        let house = try MetaHouse()
        let error = #expect(throws: MetaError.self) { _ = try house.channel.call(house.message(body)) }
        #expect(error?.kind == .unfit)
    }

    @Test func `is not built without anybody to send it to`() throws {
        let house = try MetaHouse()
        for message in [house.message(.text("Hello"), phone: nil), house.message(.text("Hello"), phone: "12025550123")]
        {
            #expect(throws: MetaError.self) { _ = try house.channel.call(message) }
        }
    }

    @Test func `takes a text of the full length`() throws {
        let house = try MetaHouse()
        let text = String(repeating: "é", count: 4096)
        let json = try JSON(parsing: house.request(house.message(.text(text))).body)
        #expect(json["text"]["body"].string == text)
    }

    @Test(arguments: ["meta.phone_number_id", "meta.access_token"])
    func `waits while a setting is missing`(key: String) throws {
        let house = try MetaHouse([key: nil])
        #expect(house.channel.sendingNumber() == nil)
        let error = #expect(throws: MetaError.self) { _ = try house.channel.call(house.message(.text("Hello"))) }
        #expect(error?.kind == .notSetUp)
    }

    @Test func `goes as fast as the setting says, and slowly to one person`() throws {
        let house = try MetaHouse(["meta.messages_per_second": "20"])
        #expect(house.channel.sendingNumber() == "100000000000001")
        #expect(house.channel.abilities.messagesPerSecond == 20)
        #expect(house.channel.abilities.pairInterval == .seconds(6))
    }
}
