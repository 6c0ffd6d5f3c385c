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
        /// How many of the items are named, where not all of them had room.
        var shortened: Shortened?
    }

    struct Shortened: Equatable {
        var shown: Int
        var count: Int
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
        var written = Written(content: MessageContent(), missing: [], shortened: nil)
        if let text = text(of: rule) {
            let template = try RulePlaceholder.template(text)
            let filled = fill([template], .lines, room: Rule.textMaximum, into: &written)
            written.content.text = String(filled[0].trimmingEnd).cut(to: Rule.textMaximum)
        }
        if let template = rule.template {
            written.content.template = try call(template, into: &written)
        }
        guard written.content != MessageContent() else { return nil }
        written.missing = Set(written.missing).sorted()
        return written
    }

    /// Fills texts that have to fit together: where they do not, fewer items are named.
    /// - Parameter room: for all of them, in characters.
    private func fill(
        _ templates: [MessageTemplate], _ form: ItemList.Form, room: Int, into written: inout Written
    ) -> [String] {
        func filled(_ items: String) -> [String] { templates.map { $0.render(values.filled(items: items)).text } }
        func length(_ items: String) -> Int { filled(items).reduce(0) { $0 + $1.count } }
        var list = values.items.fitted(form, room: room)
        // How often the items stand there, and what stands around them: told by one letter and by two.
        let places = length("xx") - length("x")
        if places > 0, values.items.count > 0 {
            list = values.items.fitted(form, room: (room - length("x") + places) / places)
            if list.shown < values.items.count {
                let told = Shortened(shown: list.shown, count: values.items.count)
                written.shortened = written.shortened.map { $0.shown < told.shown ? $0 : told } ?? told
            }
        }
        written.missing += templates.flatMap { $0.render(values.filled(items: list.text)).missing }
        return filled(list.text)
    }

    /// The rule's own words, or the house's in the customer's language.
    func text(of rule: Rule) -> String? {
        guard rule.usesDefaultText else { return rule.text }
        return words.has(rule.defaultWord) ? words.text(rule.defaultWord, [:]) : nil
    }

    private func call(_ template: RuleTemplate, into written: inout Written) throws -> TemplateCall {
        let known = try context.channel().map { try context.templates.all(channel: $0.id) } ?? []
        let language = TemplateLanguage.choose(template, for: locales, among: known)
        let approved = known.first { $0.name == template.name && $0.language == language }
        let room = TemplateText.room(in: approved)
        let texts = try template.parameters.map { try RulePlaceholder.template($0.value) }
        let filled = fill(texts, .row, room: room, into: &written).map(TemplateText.oneLine)
        var parameters = zip(template.parameters, TemplateText.cut(filled, room: room)).map {
            TemplateCall.Parameter(name: $0.name, value: $1)
        }
        if let order = approved?.bodyParameters {
            let place = { (name: String) in order.firstIndex(of: name) ?? order.count }
            parameters.sort { place($0.name) < place($1.name) }
        }
        return TemplateCall(name: template.name, language: language, parameters: parameters)
    }
}

extension RuleWriter.Written {
    /// What the message's trail keeps of its making.
    var notes: [TrailNote] {
        var notes = missing.map { TrailNote("placeholder_empty", ["placeholder": "{\($0)}"]) }
        if let shortened {
            notes.append(
                TrailNote(
                    "items_shortened", ["shown": String(shortened.shown), "count": String(shortened.count)]))
        }
        return notes
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
