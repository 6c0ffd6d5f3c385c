import Domain
import Localization

/// Chooses the translation of a template: that of the customer's language where it is approved, else the nearest.
enum TemplateLanguage {
    /// - Parameters:
    ///   - locales: the customer's, then the site's.
    ///   - known: the channel's templates.
    /// - Returns: Meta's code. Where nothing is approved the customer's own, so that the message says what it lacks.
    static func choose(_ template: RuleTemplate, for locales: [String], among known: [ChannelTemplate]) -> String {
        guard template.language == RuleTemplate.auto else {
            return template.language.split(separator: "-").joined(separator: "_")
        }
        let approved = known.filter { $0.name == template.name && $0.status == "APPROVED" }.map(\.language).sorted()
        for locale in locales + ["en"] {
            let chain = LocaleTag(locale).chain
            if let exact = chain.lazy.compactMap({ tag in approved.first { LocaleTag($0) == tag } }).first {
                return exact
            }
            // Spanish of Mexico is nearer to Spanish of Spain than English is.
            if let base = chain.last, let sibling = approved.first(where: { LocaleTag($0).chain.last == base }) {
                return sibling
            }
        }
        return code(locales.first ?? "en")
    }

    /// `pt-BR` as Meta writes it.
    private static func code(_ locale: String) -> String {
        LocaleTag(locale).description.split(separator: "-").joined(separator: "_")
    }
}
