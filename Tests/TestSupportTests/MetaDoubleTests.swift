import Core
import Crypto
import HTTP
import TestSupport
import Testing
import Text

/// The double is held to the same documents as the plugin that talks to it.
@Suite struct `The double of Meta's API` {
    private static let text = """
        {"messaging_product":"whatsapp","to":"+12025550101","type":"text","text":{"body":"Hello"},\
        "biz_opaque_callback_data":"7.1"}
        """

    private static let template = """
        {"messaging_product":"whatsapp","to":"+12025550101","type":"template","template":{"name":"order_paid",\
        "language":{"code":"en_US"},"components":[{"type":"body","parameters":[{"type":"text","text":"Ada"},\
        {"type":"text","text":"1042"}]}]}}
        """

    @Test func `takes a right message and gives it an id`() throws {
        let meta = try MetaDouble()
        let answer = try meta.post(Self.text)
        #expect(answer.status == 200)
        let json = try JSON(parsing: answer.body)
        let send = try #require(meta.sends.first)
        #expect(json["messages"][0]["id"].string == send.id)
        #expect(json["contacts"][0]["wa_id"].string == "12025550101")
        #expect(send.to == "+12025550101")
        #expect(send.text == "Hello")
        #expect(send.callbackData == "7.1")
        #expect(meta.violations.isEmpty)
    }

    /// Each with the code of the documented error.
    @Test(arguments: [
        (#"{"to":"+12025550101","type":"text","text":{"body":"x"}}"#, 100),
        (#"{"messaging_product":"whatsapp","type":"text","text":{"body":"x"}}"#, 100),
        (#"{"messaging_product":"whatsapp","to":"+12025550101","type":"text","text":{"body":""}}"#, 100),
        (#"{"messaging_product":"whatsapp","to":"+12025550101","type":"text","text":{"body":"x"},"more":1}"#, 100),
        (#"{"messaging_product":"whatsapp","to":"+12025550101","type":"template","template":{"name":"a"}}"#, 100),
        (#"{"messaging_product":"whatsapp","to":"12025550101","type":"text","text":{"body":"x"}}"#, 131009),
        ("not json", 100),
    ])
    func `refuses a wrong message and remembers the violation`(body: String, code: Int) throws {
        for schema in try [MetaSchema.reduced(), MetaSchema.load()] {
            let meta = try MetaDouble(schema: schema)
            let answer = try meta.post(body)
            #expect(answer.status == 400)
            #expect(try JSON(parsing: answer.body)["error"]["code"].int == code)
            #expect(meta.violations.count == 1)
            #expect(meta.sends.isEmpty)
        }
    }

    @Test func `refuses a missing token as a violation and a wrong one as expired`() throws {
        let meta = try MetaDouble()
        #expect(try meta.post(Self.text, headers: ["Content-Type": "application/json"]).status == 401)
        #expect(meta.violations.count == 1)
        let answer = try meta.post(
            Self.text, headers: ["Content-Type": "application/json", "Authorization": "Bearer other"])
        #expect(answer.status == 401)
        #expect(try JSON(parsing: answer.body)["error"]["code"].int == 190)
        #expect(meta.violations.count == 1)
    }

    @Test(arguments: [4, 80007, 130429, 131056, 2, 131016, 131057, 131000, 190, 131042, 131049, 132001, 999_999])
    func `answers any error on demand, once`(code: Int) throws {
        let meta = try MetaDouble()
        meta.reply(.error(code))
        let answer = try meta.post(Self.text)
        #expect(answer.status >= 400)
        #expect(try JSON(parsing: answer.body)["error"]["code"].int == code)
        #expect(try meta.post(Self.text).status == 200)
        #expect(meta.sends.map { $0.id == nil } == [true, false])
        #expect(meta.violations.isEmpty)
    }

    @Test func `gives an error another status where asked`() throws {
        let meta = try MetaDouble()
        meta.reply(.error(131000, status: 504), .bare(502), .redirect, .withoutID, .heldForQualityAssessment)
        #expect(try meta.post(Self.text).status == 504)
        #expect(try meta.post(Self.text).status == 502)
        #expect(try meta.post(Self.text).status == 302)
        #expect(try JSON(parsing: meta.post(Self.text).body)["messages"][0].exists == false)
        let held = try JSON(parsing: meta.post(Self.text).body)
        #expect(held["messages"][0]["message_status"].string == "held_for_quality_assessment")
        #expect(meta.delivered.count == 3)
    }

    @Test(arguments: [MetaReply.silence, .reset, .close, .truncated])
    func `takes a message and leaves its sender in the dark`(reply: MetaReply) throws {
        let meta = try MetaDouble()
        meta.reply(reply)
        let client = try CurlClient(version: "1")
        defer { client.close() }
        var request = meta.request(.post, "\(meta.phoneNumberID)/messages", body: Self.text)
        request.deadline = .milliseconds(400)
        let error = #expect(throws: HTTPClientError.self) { _ = try client.send(request) }
        #expect(error?.kind == .unknown)
        #expect(meta.delivered.count == 1)
    }

    @Test(
        arguments: [
            ("APPROVED", "Hi {{1}}, order {{2}} is paid.", nil), ("APPROVED", "Hi {{1}}.", 132000),
            ("APPROVED", "Hi {{name}}, {{order}}.", 132012), ("PAUSED", "{{1}} {{2}}", 132015),
            ("DISABLED", "{{1}} {{2}}", 132016), ("PENDING", "{{1}} {{2}}", 132001),
        ] as [(String, String, Int?)])
    func `judges a template message by its template`(status: String, body: String, code: Int?) throws {
        let meta = try MetaDouble(templates: [MetaTemplate(id: "1", name: "order_paid", status: status, body: body)])
        let answer = try meta.post(Self.template)
        #expect(try JSON(parsing: answer.body)["error"]["code"].int == code)
        #expect(meta.sends.map(\.parameters) == (code == nil ? [["Ada", "1042"]] : []))
        #expect(meta.violations.isEmpty)
    }

    @Test func `lists templates in pages that end where next is missing`() throws {
        let all = (1...7).map { MetaTemplate(id: "\($0)", name: "template_\($0)", body: "Hello") }
        let meta = try MetaDouble(templates: all)
        var names: [String] = []
        var path: String? = "\(meta.wabaID)/message_templates?limit=3&status=APPROVED"
        var pages = 0
        while let next = path {
            let json = try JSON(parsing: meta.call(.get, next).body)
            names += json["data"].array?.compactMap { $0["name"].string } ?? []
            #expect(json["paging"]["cursors"]["after"].exists)
            path = json["paging"]["next"].string.map { String($0.dropFirst("\(meta.url)/v25.0/".count)) }
            pages += 1
        }
        #expect(pages == 3)
        #expect(names == all.map(\.name))
        #expect(meta.violations.isEmpty)
    }

    @Test func `keeps the templates it is given`() throws {
        let meta = try MetaDouble()
        let path = "\(meta.wabaID)/message_templates"
        let template = """
            {"name":"cart_1","language":"en_US","category":"MARKETING",\
            "components":[{"type":"BODY","text":"Hi {{1}}, your cart waits.","example":{"body_text":[["Ada"]]}}]}
            """
        let created = try JSON(parsing: meta.call(.post, path, body: template).body)
        #expect(created["status"].string == "PENDING")
        #expect(try meta.call(.post, path, body: template).status == 400)
        let listed = try JSON(parsing: meta.call(.get, path + "?name=cart_1").body)
        #expect(listed["data"][0]["id"].string == created["id"].string)
        #expect(listed["data"][0]["components"][0]["example"]["body_text"][0][0].string == "Ada")
        #expect(try meta.call(.delete, path + "?name=cart_1").status == 200)
        #expect(try meta.call(.delete, path + "?name=cart_1").status == 400)
        #expect(meta.templates.isEmpty)
        #expect(meta.violations.isEmpty)
    }

    @Test func `knows the number, the subscription and nothing it does not have`() throws {
        let meta = try MetaDouble()
        let number = try JSON(parsing: meta.call(.get, "\(meta.phoneNumberID)?fields=id,status").body)
        #expect(number["status"].string == "CONNECTED")
        #expect(!meta.isSubscribed)
        #expect(try meta.call(.post, "\(meta.wabaID)/subscribed_apps").status == 200)
        #expect(meta.isSubscribed)
        #expect(meta.violations.isEmpty)
        #expect(try meta.call(.get, "1/unheard_of").status == 400)
        #expect(meta.violations.count == 1)
    }

    @Test func `signs its webhooks over the bytes as they stand`() throws {
        let meta = try MetaDouble()
        _ = try meta.post(Self.text)
        let send = try #require(meta.sends.first)
        let webhook = try #require(meta.webhook("failed", of: send, code: 131049))
        let json = try JSON(parsing: webhook.body)
        let value = json["entry"][0]["changes"][0]["value"]
        #expect(value["statuses"][0]["id"].string == send.id)
        #expect(value["statuses"][0]["biz_opaque_callback_data"].string == "7.1")
        #expect(value["statuses"][0]["errors"][0]["code"].int == 131049)
        let signature = Signature(key: meta.appSecret)
        #expect(signature.isValid(prefixedHex: webhook.signature, for: webhook.body))
        #expect(!signature.isValid(prefixedHex: webhook.signature, for: webhook.body + [0x20]))
    }

    @Test func `escapes what people write as Meta does`() throws {
        let meta = try MetaDouble()
        let webhook = meta.webhook(text: "café 😀 https://shop.example", from: "12025550101")
        let text = String(decoding: webhook.body, as: UTF8.self)
        #expect(text.contains(#"caf\u00e9 \ud83d\ude00 https:\/\/shop.example"#))
        let message = try JSON(parsing: webhook.body)["entry"][0]["changes"][0]["value"]["messages"][0]
        #expect(message["text"]["body"].string == "café 😀 https://shop.example")
    }

    /// Against Meta's own schemas, where they lie beside the repository.
    @Test(.enabled(if: try MetaSchema.published() != nil))
    func `answers and calls as the published schemas say`() throws {
        let schema = try #require(try MetaSchema.published())
        let template = MetaTemplate(id: "1", name: "order_paid", body: "{{1}} {{2}}")
        let meta = try MetaDouble(templates: [template])
        meta.reply(.ok, .heldForQualityAssessment, .error(4), .error(131049))
        let answers = try (1...4).map { _ in try meta.post(Self.template).body }
        let send = try #require(meta.sends.first)
        let texts: [([UInt8], String)] = [
            (answers[0], "MessagesEndpointResponse"), (answers[1], "MessagesEndpointResponse"),
            (answers[2], "GraphAPIError"), (answers[3], "GraphAPIError"),
            (try meta.call(.get, "\(meta.wabaID)/message_templates").body, "TemplateList"),
            (try meta.call(.get, meta.phoneNumberID).body, "PhoneNumberInfo"),
            (try #require(meta.webhook("delivered", of: send)).body, "WebhookPayload"),
            (try #require(meta.webhook("failed", of: send, code: 131026)).body, "WebhookPayload"),
            (meta.webhook(text: "STOP", from: "12025550101").body, "WebhookPayload"),
            (
                meta.webhook(buttonPayload: "STOP", label: "Stop", from: "12025550101", replyingTo: "wamid.1").body,
                "WebhookPayload"
            ),
            (meta.webhook(marketing: "stop", from: "12025550101").body, "WebhookPayload"),
            (meta.webhook(template: template, event: "PAUSED").body, "WebhookPayload"),
        ]
        for (text, component) in texts {
            #expect(try schema.violations(of: JSON(parsing: text), component: component) == [])
        }
    }
}

extension MetaDouble {
    func request(_ method: HTTP.Method, _ path: String, headers: Headers? = nil, body: String = "") -> OutboundRequest {
        let usual: Headers = [
            "Authorization": "Bearer \(accessToken.reveal())", "Content-Type": "application/json",
        ]
        return OutboundRequest(
            method, "\(url)/v25.0/\(path)", headers: headers ?? usual, body: Array(body.utf8),
            hosts: AllowedHosts(namedByAdmin: [host]), repeatable: false)
    }

    func call(
        _ method: HTTP.Method, _ path: String, headers: Headers? = nil, body: String = ""
    ) throws -> OutboundResponse {
        let client = try CurlClient(version: "1")
        defer { client.close() }
        return try client.send(request(method, path, headers: headers, body: body))
    }

    /// A call to send.
    func post(_ body: String, headers: Headers? = nil) throws -> OutboundResponse {
        try call(.post, "\(phoneNumberID)/messages", headers: headers, body: body)
    }
}
