import Core
import Domain
import OrderNotifications
import PluginKit
import Templating
import TestSupport
import Testing

/// The setting `orders.rules`: its shape, and what it refuses.
@Suite struct `The order rules` {
    @Test func `have the statuses that customers ask about on, on a fresh site`() {
        let on = RuleSet.standard.rules.filter(\.isOn).map(\.status)
        let off = RuleSet.standard.rules.filter { !$0.isOn }.map(\.status)
        #expect(on == ["processing", "on-hold", "completed", "cancelled", "refunded", "failed"])
        #expect(off == ["pending", "placed", "paid", "shipped", "partial_refund", "customer_note"])
    }

    @Test func `come back from their own text as they were`() throws {
        #expect(try RuleSet(json: RuleSet.standard.json) == .standard)
        let rule = Rule(
            id: "vip", status: "packed", isOn: false, purpose: .payments, delay: .hours(2), text: "A \"text\"\n<b>",
            template: RuleTemplate(
                name: "order_packed", language: "pt_BR",
                parameters: [.init(name: "1", value: "{order_number}"), .init(name: "2", value: "{site_name|us}")]),
            conditions: RuleConditions(
                paymentMethods: ["cod"], shippingMethods: ["flat_rate"], countries: ["DE", "AT"], minTotal: "49.90"))
        #expect(try RuleSet(json: RuleSet([rule]).json) == RuleSet([rule]))
    }

    @Test func `are written in the published shape`() throws {
        let rule = Rule(
            id: "a", status: "completed", text: "Hi",
            template: RuleTemplate(name: "t", parameters: [.init(name: "1", value: "{order_number}")]))
        #expect(
            RuleSet([rule]).json
                == #"[{"id":"a","status":"completed","on":true,"purpose":"orders","delay":"0s","send":{"text":"Hi","template":"t","language":"auto","parameters":{"1":"{order_number}"}},"when":{"payment_methods":[],"shipping_methods":[],"countries":[],"min_total":"0"}}]"#
        )
    }

    @Test func `need no more than an id, a status and something to say`() throws {
        let set = try stored(#"[{"id":"a","status":"wc-processing","send":{"text":"Hi"}}]"#)
        #expect(set == RuleSet([Rule(id: "a", status: "processing", text: "Hi")]))
    }

    @Test func `take the positions of a template by their number`() throws {
        let set = try stored(
            #"[{"id":"a","status":"x","send":{"template":"t","parameters":{"10":"j","2":"b","1":"a"}}}]"#)
        #expect(set.rules.first?.template?.parameters.map(\.name) == ["1", "2", "10"])
    }

    @Test(arguments: [
        ("[", "rules", "rules: "),
        (#"{"id":"a"}"#, "rules", "rules: expected a list"),
        (#"[{"id":"a"}]"#, "rules", "rules[0].status: expected text"),
        (#"[{"id":"a","status":"x","on":"yes"}]"#, "rules", "rules[0].on: expected true or false"),
        (#"[{"id":"a","status":"x","delay":"soon"}]"#, "rules", "rules[0].delay: expected a duration"),
        (#"[{"id":"a","status":"x","whn":{}}]"#, "rules", "rules[0].whn: there is no such key"),
        (#"[{"id":"a","status":"x","when":{"country":["DE"]}}]"#, "rules", "rules[0].when.country: there is no such"),
        (#"[{"id":"a","status":"x","send":{"txt":""}}]"#, "rules", "rules[0].send.txt: there is no such key"),
    ])
    func `name the place where their shape is wrong`(json: String, id: String, detail: String) {
        let problem = problem(json)
        #expect(problem?.id == id)
        #expect(problem?.arguments["detail"]?.hasPrefix(detail) == true, "\(problem?.arguments ?? [:])")
    }

    @Test(arguments: [
        (#"{"id":"A b","status":"x","send":{"text":"a"}}"#, "rule_id", "A b"),
        (#"{"id":"new","status":"x","send":{"text":"a"}}"#, "rule_id", "new"),
        (#"{"id":"a","status":"Shipped!","send":{"text":"a"}}"#, "rule_status", "Shipped!"),
        (#"{"id":"a","status":"x","purpose":"test","send":{"text":"a"}}"#, "rule_purpose", "test"),
        (#"{"id":"a","status":"x","send":{"template":"Order-1"}}"#, "rule_template", "Order-1"),
        (#"{"id":"a","status":"x","send":{"template":"t","language":"english"}}"#, "rule_language", "english"),
        (
            #"{"id":"a","status":"x","send":{"text":"a"},"when":{"countries":["DE","Austria"]}}"#, "rule_countries",
            "Austria"
        ),
        (#"{"id":"a","status":"x","send":{"text":"a"},"when":{"min_total":"1,50"}}"#, "rule_min_total", "1,50"),
        (#"{"id":"a","status":"x","send":{"text":"a"},"when":{"min_total":"-1"}}"#, "rule_min_total", "-1"),
        (#"{"id":"a","status":"packed"}"#, "rule_text", nil),
        (#"{"id":"a","status":"x","send":{"text":" \n "}}"#, "rule_text", nil),
        (#"{"id":"a","status":"x","send":{"text":"Hi {order_number"}}"#, "rule_brace", nil),
    ])
    func `name the rule and the value that is wrong`(json: String, id: String, value: String?) {
        let problem = problem("[\(json)]")
        #expect(problem?.id == id)
        #expect(problem?.arguments["value"] == value)
        #expect(problem?.arguments["rule"]?.isEmpty == false)
    }

    @Test(arguments: [
        #"{"text":"Hi {nmae|there}"}"#, #"{"template":"t","parameters":{"1":"x","2":"é {nmae}"}}"#,
    ])
    func `refuse a placeholder that does not exist with all that do`(send: String) {
        let problem = problem(#"[{"id":"a","status":"x","send":\#(send)}]"#)
        #expect(problem?.id == "rule_placeholder")
        #expect(problem?.arguments["placeholder"] == "{nmae}")
        #expect(
            problem?.arguments["known"]
                == """
                {cart_items}, {cart_total}, {cart_url}, {coupon_code}, {customer_first_name}, {customer_last_name}, \
                {note}, {order_date}, {order_items}, {order_number}, {order_status}, {order_total}, {payment_url}, \
                {refund_amount}, {site_name}, {site_url}, {tracking_number}, {tracking_url}, {unsubscribe_url}
                """)
    }

    @Test func `refuse two rules of one id, and a text longer than WhatsApp takes`() {
        let rule = #"{"id":"a","status":"x","send":{"text":"a"}}"#
        #expect(problem("[\(rule),\(rule)]") == SettingProblem("rule_twice", ["rule": "a"]))
        let long = String(repeating: "é", count: 4097)
        #expect(
            problem(#"[{"id":"a","status":"x","send":{"text":"\#(long)"}}]"#)
                == SettingProblem("rule_text_long", ["maximum": "4096", "rule": "a"]))
        #expect(problem(#"[{"id":"a","status":"x","send":{"text":"\#(long.dropLast())"}}]"#) == nil)
    }

    @Test func `have a word for each of their problems`() throws {
        let words = try PluginContextDouble().context.pages.words(locale: "en")
        for id in [
            "id", "status", "purpose", "text", "text_long", "placeholder", "brace", "template", "language",
            "countries", "min_total",
        ] {
            #expect(words.has("problem.rule_\(id)"), "\(id)")
            #expect(words.has("rule.error.\(id)"), "\(id)")
        }
        #expect(words.has("problem.rules") && words.has("problem.rule_twice"))
    }

    /// What the setting holds after somebody typed `json`.
    private func stored(_ json: String) throws -> RuleSet {
        guard case .custom(let check) = RuleSettings.rules.declaration.kind else {
            Issue.record("the setting checks nothing")
            return RuleSet([])
        }
        return RuleSettings.rules.decode(try check(json))
    }

    private func problem(_ json: String) -> SettingProblem? {
        do {
            _ = try stored(json)
            return nil
        } catch {
            return error as? SettingProblem
        }
    }
}
