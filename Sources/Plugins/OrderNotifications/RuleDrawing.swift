import Core
import Domain
import PluginKit
import Templating

/// Puts rules into the words of the admin's language, and says what the channel in use makes of them.
struct RuleDrawing {
    private let site: Site
    private let words: any TemplateWords
    private let channel: ChannelInUse?
    private let templates: [ChannelTemplate]

    init(_ context: PluginContext) throws {
        site = context.site()
        words = context.pages.words(locale: site.locale)
        channel = context.channel()
        templates = try channel.map { try context.templates.all(channel: $0.id) } ?? []
    }

    var channelNote: Word? {
        guard let channel else { return nil }
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

    /// What will be lost as things stand: free text outside the window, or a template that nobody approved.
    func warning(of rule: Rule) -> Word? {
        guard let channel, channel.abilities.freeText == .insideWindow else { return nil }
        guard let template = rule.template else { return Word("rules.warn_no_template") }
        let isApproved = templates.contains { $0.name == template.name && $0.status == "APPROVED" }
        return isApproved ? nil : Word("rules.warn_template_state")
    }

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
