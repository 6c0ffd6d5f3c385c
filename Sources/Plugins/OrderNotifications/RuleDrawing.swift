import Core
import Domain
import PluginKit
import Templating

/// Puts rules into the words of the admin's language, and says what the channel in use makes of them.
struct RuleDrawing {
    private let site: Site
    private let words: any TemplateWords
    /// With the channel in use; nil while its plugin is off.
    private let fit: ChannelFit?

    init(_ context: PluginContext) throws {
        let site = context.site()
        self.site = site
        words = context.pages.words(locale: site.locale)
        fit = try context.channel().map { channel in
            let templates = try context.templates.all(channel: channel.id)
            return ChannelFit(
                channel: ChannelCandidate(id: channel.id, abilities: channel.abilities, templates: templates),
                locale: site.locale)
        }
    }

    var channelNote: Word? {
        guard let channel = fit?.channel else { return nil }
        if channel.abilities.freeText == .insideWindow { return Word("rules.note_meta") }
        return channel.id == "sandbox" ? Word("rules.note_sandbox") : nil
    }

    func emptyRow(_ status: String) -> RulesPage.Row {
        RulesPage.Row(when: OrderStatusWord.word(status, words), status: status)
    }

    func row(_ rule: Rule) -> RulesPage.Row {
        RulesPage.Row(
            when: OrderStatusWord.word(rule.status, words), status: rule.status, id: rule.id, isOn: rule.isOn,
            text: text(of: rule), template: rule.template?.name, delay: delay(of: rule),
            conditions: conditions(of: rule), warning: warning(of: rule))
    }

    /// Why the channel in use cannot send it, shown before anything is lost.
    func warning(of rule: Rule) -> Word? { fit?.obstacle(to: rule) }

    private func text(of rule: Rule) -> String? {
        rule.usesDefaultText && words.has(rule.defaultWord) ? words.text(rule.defaultWord, [:]) : rule.text
    }

    private func delay(of rule: Rule) -> String? {
        guard rule.delay > .zero else { return nil }
        let (count, unit) = DelayUnit.split(rule.delay)
        let span = words.text("duration." + unit.word, ["count": .number(count)])
        return words.text("rules.after", ["delay": .text(span)])
    }

    private func conditions(of rule: Rule) -> String? {
        let conditions = rule.conditions
        var parts = [conditions.countries, conditions.paymentMethods, conditions.shippingMethods]
            .filter { !$0.isEmpty }.map { $0.joined(separator: ", ") }
        if let least = Money(amount: conditions.minTotal, currency: site.currency), least.minorUnits > 0 {
            parts.append(words.text("rules.from_total", ["amount": .money(least)]))
        }
        return parts.isEmpty ? nil : parts.joined(separator: " · ")
    }
}

/// The units in which a delay is typed.
enum DelayUnit: String, CaseIterable {
    case seconds = "s"
    case minutes = "m"
    case hours = "h"
    case days = "d"

    /// `minutes`, for `unit.minutes` and `duration.minutes`.
    var word: String {
        switch self {
        case .seconds: "seconds"
        case .minutes: "minutes"
        case .hours: "hours"
        case .days: "days"
        }
    }

    /// The largest unit that says a delay in whole numbers.
    static func split(_ span: Timestamp.Span) -> (count: Int64, unit: DelayUnit) {
        let seconds = span.milliseconds / 1000
        if seconds == 0 { return (0, .minutes) }
        if seconds % 86_400 == 0 { return (seconds / 86_400, .days) }
        if seconds % 3600 == 0 { return (seconds / 3600, .hours) }
        return seconds % 60 == 0 ? (seconds / 60, .minutes) : (seconds, .seconds)
    }
}
