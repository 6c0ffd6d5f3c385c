import Domain
import PluginKit
import Templating

/// How rules and a channel go together: what the policy would say of every message of a rule, before there is one.
struct ChannelFit {
    let channel: ChannelCandidate
    /// The site's language; those of customers to come are not known.
    let locale: String

    /// Why the channel cannot send the rule; nil where it can. Free text that may only answer does not count: a rule
    /// speaks first.
    func obstacle(to rule: Rule) -> Word? {
        let hasText = rule.text != nil || rule.usesDefaultText
        if hasText, channel.abilities.freeText == .always { return nil }
        guard channel.abilities.hasTemplates, let template = rule.template else {
            return Word(hasText ? "rules.warn_no_template" : "rules.warn_no_text")
        }
        return obstacle(to: template)
    }

    private func obstacle(to template: RuleTemplate) -> Word? {
        guard !channel.templates.isEmpty else { return Word("rules.warn_no_templates_known") }
        let named = channel.templates.filter { $0.name == template.name }
        guard !named.isEmpty else { return Word("rules.warn_template_missing", ["template": .text(template.name)]) }
        let language = TemplateLanguage.choose(template, for: [locale], among: named)
        guard let chosen = named.first(where: { $0.language == language }) else {
            let isOnlyTheLanguage = template.language != RuleTemplate.auto || named.contains { $0.isApproved }
            return isOnlyTheLanguage
                ? Word("rules.warn_template_language", ["language": .text(language)])
                : Word("rules.warn_template_state")
        }
        guard chosen.isApproved else { return Word("rules.warn_template_state") }
        let (wanted, given) = (chosen.bodyParameters.count, template.parameters.count)
        return wanted == given
            ? nil
            : Word(
                "rules.warn_template_parameters", ["count": .number(Int64(wanted)), "given": .number(Int64(given))])
    }
}

extension ChannelFit {
    /// Every rule at work that the channel cannot send; one that is off says nothing by any channel.
    func objections(to rules: [Rule], _ words: any TemplateWords) -> [ChannelObjection] {
        rules.filter(\.isOn).compactMap { rule in
            obstacle(to: rule).map { reason in
                ChannelObjection(
                    OrderStatusWord.word(rule.status, words), reason, href: "/admin/rules/\(rule.id)")
            }
        }
    }
}

extension ChannelTemplate {
    fileprivate var isApproved: Bool { status == "APPROVED" }
}
