import Core
import Domain
import HTTP
import PluginKit
import Templating

/// A rule as it stands in the editor's fields: everything as typed, so that nothing is lost when it comes back.
struct RuleForm: Sendable {
    var isOn = true
    /// The status that the rule is about: the chosen one, or the one that was typed.
    var status = ""
    /// A status of the shop's own, as typed; it counts before the chosen one.
    var otherStatus = ""
    var text = ""
    var template = ""
    var language = RuleTemplate.auto
    var parameters: [TemplateCall.Parameter] = []
    var delay = "0"
    var delayUnit = DelayUnit.minutes
    var paymentMethods = ""
    var shippingMethods = ""
    var countries = ""
    var minTotal = ""
    /// Whose order the phone shows; empty for the latest.
    var order = ""
    var testTo = ""

    /// - Parameter defaultText: shown where the house's own words speak.
    init(_ rule: Rule, defaultText: String) {
        isOn = rule.isOn
        status = rule.status
        text = rule.usesDefaultText ? defaultText : rule.text ?? ""
        template = rule.template?.name ?? ""
        language = rule.template?.language ?? RuleTemplate.auto
        parameters = rule.template?.parameters ?? []
        let (count, unit) = DelayUnit.split(rule.delay)
        delay = String(count)
        delayUnit = unit
        paymentMethods = rule.conditions.paymentMethods.joined(separator: ", ")
        shippingMethods = rule.conditions.shippingMethods.joined(separator: ", ")
        countries = rule.conditions.countries.joined(separator: ", ")
        minTotal = rule.conditions.minTotal == "0" ? "" : rule.conditions.minTotal
    }

    init(_ form: Form) {
        isOn = form["on"] == "true"
        otherStatus = (form["other_status"] ?? "").trimmingSpaces
        status = otherStatus.isEmpty ? (form["status"] ?? "").trimmingSpaces : OrderStatusName.slug(otherStatus)
        // A browser sends line ends as CR LF.
        text = (form["text"] ?? "").split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
        template = (form["template"] ?? "").trimmingSpaces
        language = (form["language"] ?? "").trimmingSpaces
        parameters = form.pairs.compactMap { name, value in
            guard name.hasPrefix("parameter."), name.utf8.count > 10 else { return nil }
            return TemplateCall.Parameter(name: String(name.dropFirst(10)), value: value)
        }
        delay = (form["delay"] ?? "").trimmingSpaces
        delayUnit = form["delay_unit"].flatMap(DelayUnit.init) ?? .minutes
        paymentMethods = form["payment_methods"] ?? ""
        shippingMethods = form["shipping_methods"] ?? ""
        countries = form["countries"] ?? ""
        minTotal = (form["min_total"] ?? "").trimmingSpaces
        order = form["order"] ?? ""
        testTo = (form["test_to"] ?? "").trimmingSpaces
    }

    /// The rule that the fields make, and what is wrong with it. What the form does not show stays as in `base`.
    ///
    /// - Parameters:
    ///   - hasTemplates: whether the form showed the fields of a template.
    ///   - defaultText: of the status; when it stands in the field unchanged, the house's own words go on speaking,
    ///     to each customer in their language.
    func rule(
        over base: Rule, hasTemplates: Bool, defaultText: (String) -> String
    ) -> (rule: Rule, problems: [FormProblem]) {
        var rule = base
        rule.isOn = isOn
        rule.status = status
        if hasTemplates { rule.template = chosenTemplate }
        let isDefault = rule.template == nil && !text.isEmpty && text == defaultText(status)
        rule.text = isDefault || text.isEmpty ? nil : text
        rule.conditions = RuleConditions(
            paymentMethods: Self.list(paymentMethods), shippingMethods: Self.list(shippingMethods),
            countries: Self.list(countries).map { $0.uppercased() }, minTotal: minTotal.isEmpty ? "0" : minTotal)
        var problems: [FormProblem] = []
        if let count = Int64(delay.isEmpty ? "0" : delay), count >= 0,
            let span = Timestamp.Span(setting: "\(count)\(delayUnit.rawValue)")
        {
            rule.delay = span
        } else {
            problems.append(FormProblem(field: "delay", word: Word("rule.error.delay")))
        }
        if text.isEmpty, rule.template == nil {
            problems.append(FormProblem(field: "text", word: Word("rule.error.text")))
        }
        problems += rule.problems().map { FormProblem(field: $0.field.input, word: $0.word) }
        var seen: Set<String> = []
        return (rule, problems.filter { seen.insert($0.field).inserted })
    }

    private var chosenTemplate: RuleTemplate? {
        guard !template.isEmpty else { return nil }
        return RuleTemplate(
            name: template, language: language.isEmpty ? RuleTemplate.auto : language, parameters: parameters.inOrder)
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map(\.trimmingSpaces).filter { !$0.isEmpty }
    }
}

/// What is wrong with one field of the editor.
struct FormProblem: Sendable, Equatable {
    /// The id of the input.
    var field: String
    var word: Word
}

extension RuleProblem.Field {
    /// The editor's input. A new rule gets its id from its status.
    fileprivate var input: String {
        switch self {
        case .id, .status: "status"
        case .text, .purpose: "text"
        case .template, .language, .parameters: "template"
        case .countries: "countries"
        case .minTotal: "min_total"
        }
    }
}
