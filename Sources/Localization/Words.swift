package import Core

/// The words and formats of one locale: what a page or a message is written with.
package final class Words: Sendable {
    /// A value to fill into a text, worded by the locale.
    package enum Argument: Sendable, Hashable {
        case text(String)
        case number(Int)
        case money(Money)
        case date(Timestamp, DateStyle, Zone)
    }

    /// The nearest language that has words, for `<html lang>`; texts missing there come from English.
    package let language: LocaleTag
    package var direction: TextDirection { language.direction }

    /// Numbers, dates and lists. Of the locale asked for where its language has words, else of English: a date
    /// in one language inside a sentence of another helps nobody.
    package let formats: Formats

    private let chain: [Language]

    init(_ tag: LocaleTag, of catalog: Catalog) {
        let found = tag.chain.compactMap { catalog.languages[$0] }
        language = found.first?.tag ?? Catalog.baseTag
        formats = Formats(found.isEmpty ? Catalog.baseTag : tag)
        chain = found.last?.tag == Catalog.baseTag ? found : found + [catalog.base]
    }

    package func has(_ key: String) -> Bool { chain.contains { $0.messages[key] != nil } }

    /// The text of a key, with its arguments filled in. A message that counts is chosen by its argument `count`.
    /// A key that does not exist shows as itself; the start of the program refuses those that templates name.
    package func text(_ key: String, _ arguments: [String: Argument] = [:]) -> String {
        for language in chain {
            guard let message = language.messages[key] else { continue }
            return phrase(of: message, plurals: language.plurals, arguments).filled { name in
                arguments[name].map(wording)
            }
        }
        return key
    }

    private func phrase(
        of message: Language.Message, plurals: PluralRules, _ arguments: [String: Argument]
    ) -> Phrase {
        switch message {
        case .plain(let phrase): return phrase
        case .counted(let forms):
            let category: PluralCategory
            if case .number(let count)? = arguments["count"] {
                category = plurals.category(of: count)
            } else {
                category = .other
            }
            return forms[category] ?? forms[.other] ?? Phrase(parts: [])
        }
    }

    private func wording(_ argument: Argument) -> String {
        switch argument {
        case .text(let text): text
        case .number(let number): formats.number(number)
        case .money(let money): formats.money(money)
        case .date(let time, let style, let zone): formats.date(time, style, zone)
        }
    }
}

// The formats under the name that callers have at hand.
extension Words {
    package func number(_ value: Int) -> String { formats.number(value) }
    package func number(_ value: Double, decimals: Int) -> String { formats.number(value, decimals: decimals) }
    package func percent(_ ratio: Double) -> String { formats.percent(ratio) }
    package func money(_ money: Money) -> String { formats.money(money) }
    package func date(_ time: Timestamp, _ style: DateStyle, _ zone: Zone) -> String { formats.date(time, style, zone) }
    package func relative(_ time: Timestamp, to now: Timestamp) -> String { formats.relative(time, to: now) }
    package func list(_ items: [String]) -> String { formats.list(items) }
}
