import Core
import Domain
import PluginKit
import Templating

/// Writes what a rule says about one order, in the language of its customer.
struct RuleWriter {
    struct Written: Equatable {
        var content: MessageContent
        /// Placeholders that had neither a value nor a fallback, in alphabetical order.
        var missing: [String]
    }

    private let context: PluginContext
    private let locales: [String]
    private let words: any TemplateWords
    private let values: PlaceholderValues

    /// - Parameter kind: what happened; a refund's amount and a note's text come from it.
    init(_ context: PluginContext, order: Order, contact: ContactRef?, kind: OrderEvent.Kind) {
        self.context = context
        let site = context.site()
        let locale = order.locale ?? contact?.locale ?? site.locale
        locales = [locale, site.locale]
        words = context.pages.words(locale: locale)
        values = PlaceholderValues(order: order, contact: contact, kind: kind, site: site, words: words)
    }

    /// Nil for a rule that has nothing to say.
    func write(_ rule: Rule) throws -> Written? {
        var missing: Set<String> = []
        var content = MessageContent()
        if let text = text(of: rule) {
            let filled = try RulePlaceholder.template(text).render(values.lines)
            missing.formUnion(filled.missing)
            content.text = String(filled.text.trimmingEnd.prefix(Rule.textMaximum))
        }
        if let template = rule.template {
            content.template = try call(template, missing: &missing)
        }
        guard content != MessageContent() else { return nil }
        return Written(content: content, missing: missing.sorted())
    }

    /// The rule's own words, or the house's in the customer's language.
    func text(of rule: Rule) -> String? {
        guard rule.usesDefaultText else { return rule.text }
        return words.has(rule.defaultWord) ? words.text(rule.defaultWord, [:]) : nil
    }

    private func call(_ template: RuleTemplate, missing: inout Set<String>) throws -> TemplateCall {
        let known = try context.channel().map { try context.templates.all(channel: $0.id) } ?? []
        let language = TemplateLanguage.choose(template, for: locales, among: known)
        var parameters: [TemplateCall.Parameter] = []
        for parameter in template.parameters {
            let filled = try RulePlaceholder.template(parameter.value).render(values.oneLine)
            missing.formUnion(filled.missing)
            parameters.append(TemplateCall.Parameter(name: parameter.name, value: TemplateText.oneLine(filled.text)))
        }
        if let order = known.first(where: { $0.name == template.name && $0.language == language })?.bodyParameters {
            let place = { (name: String) in order.firstIndex(of: name) ?? order.count }
            parameters.sort { place($0.name) < place($1.name) }
        }
        return TemplateCall(name: template.name, language: language, parameters: parameters)
    }
}

extension String {
    /// Without white space at the end, as empty placeholders leave it.
    fileprivate var trimmingEnd: Substring {
        var slice = self[...]
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return slice
    }
}
