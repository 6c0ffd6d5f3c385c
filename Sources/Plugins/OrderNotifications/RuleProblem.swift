import Core
import Domain
import PluginKit
import Templating

/// What is wrong with one field of a rule: worded `rule.error.<id>` beside the field, and `problem.rule_<id>` where the
/// rule has to be named.
package struct RuleProblem: Error, Sendable, Equatable {
    package enum Field: String, Sendable {
        case id, status, purpose, text, template, language, parameters, countries
        case minTotal = "min_total"
    }

    package var field: Field
    package var id: String
    package var arguments: [String: String]

    package init(_ field: Field, _ id: String, _ arguments: [String: String] = [:]) {
        self.field = field
        self.id = id
        self.arguments = arguments
    }

    func settingProblem(of rule: Rule) -> SettingProblem {
        SettingProblem("rule_" + id, arguments.merging(["rule": rule.id]) { kept, _ in kept })
    }

    var word: Word { Word("rule.error." + id, arguments.mapValues { .text($0) }) }
}

extension Rule {
    /// The address of the form for a new rule takes its place.
    static let newID = "new"
    /// Letters; WhatsApp takes no longer text.
    static let textMaximum = 4096

    /// Whether a rule can name it.
    static func isStatus(_ text: String) -> Bool { text.isSlug(maximum: 40) }

    /// Everything that is wrong with it.
    package func problems() -> [RuleProblem] {
        var problems: [RuleProblem] = []
        // First the status: a new rule is named after it.
        if !Self.isStatus(status) { problems.append(RuleProblem(.status, "status", ["value": status])) }
        if !id.isSlug(maximum: 64) || id == Self.newID { problems.append(RuleProblem(.id, "id", ["value": id])) }
        if !Purpose.consentable.contains(purpose) {
            let known = Purpose.consentable.map(\.rawValue).joined(separator: ", ")
            problems.append(RuleProblem(.purpose, "purpose", ["value": purpose.rawValue, "known": known]))
        }
        return problems + textProblems() + templateProblems() + conditionProblems()
    }

    private func textProblems() -> [RuleProblem] {
        guard let text else { return usesDefaultText && !hasDefaultText ? [RuleProblem(.text, "text")] : [] }
        if text.allSatisfy(\.isWhitespace) { return [RuleProblem(.text, "text")] }
        if text.count > Self.textMaximum {
            return [RuleProblem(.text, "text_long", ["maximum": String(Self.textMaximum)])]
        }
        return RulePlaceholder.problem(in: text, field: .text).map { [$0] } ?? []
    }

    private func templateProblems() -> [RuleProblem] {
        guard let template else { return [] }
        var problems: [RuleProblem] = []
        let isName =
            (1...512).contains(template.name.utf8.count)
            && template.name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        if !isName { problems.append(RuleProblem(.template, "template", ["value": template.name])) }
        if template.language != RuleTemplate.auto, !template.language.isLanguageCode {
            problems.append(RuleProblem(.language, "language", ["value": template.language]))
        }
        return problems + template.parameters.compactMap { RulePlaceholder.problem(in: $0.value, field: .parameters) }
    }

    private func conditionProblems() -> [RuleProblem] {
        var problems: [RuleProblem] = []
        let isCountry = { (text: String) in text.utf8.count == 2 && text.utf8.allSatisfy { (65...90).contains($0) } }
        if let wrong = conditions.countries.first(where: { !isCountry($0) }) {
            problems.append(RuleProblem(.countries, "countries", ["value": wrong]))
        }
        // Three decimals are the most that a currency has; the amount must be readable in any of them.
        let least = Money(amount: conditions.minTotal, currency: "KWD")
        if least.map({ $0.minorUnits < 0 }) ?? true {
            problems.append(RuleProblem(.minTotal, "min_total", ["value": conditions.minTotal]))
        }
        return problems
    }
}

extension String {
    /// Lower-case letters, digits, `-` and `_`, beginning with a letter or digit.
    fileprivate func isSlug(maximum: Int) -> Bool {
        let isPlain = { (byte: UInt8) in (97...122).contains(byte) || (48...57).contains(byte) }
        guard let first = utf8.first, isPlain(first), utf8.count <= maximum else { return false }
        return utf8.allSatisfy { isPlain($0) || $0 == 45 || $0 == 95 }
    }

    /// `en`, `pt_BR`, `zh_Hant_TW`: letters and digits between underscores or hyphens.
    fileprivate var isLanguageCode: Bool {
        let parts = split(omittingEmptySubsequences: false) { $0 == "_" || $0 == "-" }
        guard let language = parts.first, (2...3).contains(language.count), parts.count <= 3 else { return false }
        return parts.allSatisfy { part in
            (2...8).contains(part.utf8.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }
}
