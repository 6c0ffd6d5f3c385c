package import Core
package import Localization

/// The words of one locale as templates ask for them, with the zone in which a word's times are read.
package struct LocalWords: TemplateWords {
    package let words: Words
    package let zone: Zone

    package init(_ words: Words, zone: Zone) {
        self.words = words
        self.zone = zone
    }

    package var language: String { words.language.description }

    package func has(_ key: String) -> Bool { words.has(key) }

    package func text(_ key: String, _ arguments: [String: WordArgument]) -> String {
        words.text(
            key,
            arguments.mapValues { argument in
                switch argument {
                case .text(let text): .text(text)
                case .number(let number): .number(Int(number))
                case .money(let money): .money(money)
                case .time(let time): .date(time, .dateTime, zone)
                }
            })
    }

    package func number(_ number: Int64) -> String { words.number(Int(number)) }
    package func money(_ money: Money) -> String { words.money(money) }

    package func date(_ time: Timestamp, zone: String) -> String { words.date(time, .short, known(zone)) }
    package func time(_ time: Timestamp, zone: String) -> String { words.date(time, .time, known(zone)) }
    package func dateTime(_ time: Timestamp, zone: String) -> String { words.date(time, .dateTime, known(zone)) }

    /// A zone that nobody knows reads as the words' own.
    private func known(_ name: String) -> Zone { name == zone.name ? zone : Zone(name) ?? zone }

    package func relative(_ time: Timestamp, now: Timestamp) -> String { words.relative(time, to: now) }
}
