import Core
import Domain
package import PluginKit
import Text

// The shape of the setting `orders.rules`. What may be left out when reading is always written.
extension RuleSet {
    /// Reads the shape; whether the values make sense is `check`'s to say. An unknown key is refused, so that a
    /// misspelt condition does not send a message to everybody.
    package init(json text: String) throws(SettingProblem) {
        do throws(JSONError) {
            let list = try JSON(parsing: text, name: "rules").expectArray()
            rules = try list.map { json throws(JSONError) in try RuleReader(json).rule() }
        } catch {
            throw SettingProblem("rules", ["detail": error.description])
        }
    }

    package var json: String {
        let bytes = JSONWriter.array { json in
            for rule in rules { Self.write(rule, to: &json) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ rule: Rule, to json: inout JSONWriter) {
        json.object { json in
            json.field("id", rule.id)
            json.field("status", rule.status)
            json.field("on", rule.isOn)
            json.field("purpose", rule.purpose.rawValue)
            json.field("delay", rule.delay.setting)
            json.object("send") { json in
                if let text = rule.text { json.field("text", text) }
                guard let template = rule.template else { return }
                json.field("template", template.name)
                json.field("language", template.language)
                json.object("parameters") { json in
                    for parameter in template.parameters { json.field(parameter.name, parameter.value) }
                }
            }
            json.object("when") { json in
                list("payment_methods", rule.conditions.paymentMethods, to: &json)
                list("shipping_methods", rule.conditions.shippingMethods, to: &json)
                list("countries", rule.conditions.countries, to: &json)
                json.field("min_total", rule.conditions.minTotal)
            }
        }
    }

    private static func list(_ name: String, _ values: [String], to json: inout JSONWriter) {
        json.array(name) { json in
            for value in values { json.value(value) }
        }
    }
}

/// Reads one rule.
private struct RuleReader {
    private let json: JSON
    private let send: JSON
    private let when: JSON

    init(_ json: JSON) throws(JSONError) {
        self.json = json
        send = json["send"]
        when = json["when"]
        _ = try json.expectObject()
        try Self.know(["id", "status", "on", "purpose", "delay", "send", "when"], in: json)
        try Self.know(["text", "template", "language", "parameters"], in: send)
        try Self.know(["payment_methods", "shipping_methods", "countries", "min_total"], in: when)
    }

    func rule() throws(JSONError) -> Rule {
        var status = try json["status"].expectString()
        if status.hasPrefix("wc-") { status = String(status.dropFirst(3)) }
        let text = try Self.text(send["text"])
        return Rule(
            id: try json["id"].expectString(), status: status, isOn: try Self.flag(json["on"]),
            purpose: Purpose(rawValue: try Self.text(json["purpose"]) ?? Purpose.orders.rawValue),
            delay: try Self.delay(json["delay"]), text: text, template: try template(), conditions: try conditions())
    }

    private func template() throws(JSONError) -> RuleTemplate? {
        guard let name = try Self.text(send["template"]) else { return nil }
        var parameters: [TemplateCall.Parameter] = []
        for (key, value) in Self.isAbsent(send["parameters"]) ? [] : try send["parameters"].expectObject() {
            parameters.append(TemplateCall.Parameter(name: key, value: try value.expectString()))
        }
        return RuleTemplate(
            name: name, language: try Self.text(send["language"]) ?? RuleTemplate.auto,
            parameters: parameters.inOrder)
    }

    private func conditions() throws(JSONError) -> RuleConditions {
        RuleConditions(
            paymentMethods: try Self.list(when["payment_methods"]),
            shippingMethods: try Self.list(when["shipping_methods"]), countries: try Self.list(when["countries"]),
            minTotal: Self.isAbsent(when["min_total"]) ? "0" : try when["min_total"].expectStringOrNumber())
    }

    private static func know(_ keys: Set<String>, in json: JSON) throws(JSONError) {
        if isAbsent(json) { return }
        for (key, _) in try json.expectObject() where !keys.contains(key) {
            let known = keys.sorted().joined(separator: ", ")
            throw JSONError(
                kind: .unexpected, path: json[key].path, message: "there is no such key; there are \(known)")
        }
    }

    private static func isAbsent(_ json: JSON) -> Bool { !json.exists || json.isNull }

    /// Nil also for an empty text.
    private static func text(_ json: JSON) throws(JSONError) -> String? {
        if isAbsent(json) { return nil }
        let text = try json.expectString()
        return text.isEmpty ? nil : text
    }

    private static func flag(_ json: JSON) throws(JSONError) -> Bool { isAbsent(json) ? true : try json.expectBool() }

    private static func delay(_ json: JSON) throws(JSONError) -> Timestamp.Span {
        guard let text = try text(json), text != "off" else { return .zero }
        guard let span = Timestamp.Span(setting: text) else {
            throw JSONError(kind: .unexpected, path: json.path, message: "expected a duration like 30s, 15m, 2h or 1d")
        }
        return span
    }

    private static func list(_ json: JSON) throws(JSONError) -> [String] {
        if isAbsent(json) { return [] }
        return try json.expectArray().map { value throws(JSONError) in try value.expectString() }
    }
}

extension [TemplateCall.Parameter] {
    /// Positions by number, names as they came.
    var inOrder: [TemplateCall.Parameter] {
        guard allSatisfy({ Int($0.name) != nil }) else { return self }
        return sorted { (Int($0.name) ?? 0) < (Int($1.name) ?? 0) }
    }
}
