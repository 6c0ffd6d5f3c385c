import Core
package import Domain
import Localization
import Messaging
package import Templating

/// A message's trail and its reasons in sentences: the words `trail.<kind>` and `reason.<id>` of the catalogue.
package struct TrailSentences: Sendable {
    private let words: any TemplateWords

    package init(_ words: any TemplateWords) { self.words = words }

    /// In the site's language and time zone.
    package init(_ host: Host) {
        let site = host.site
        self.init(LocalWords(host.catalog.words(for: site.locale), zone: Zone(site.timeZone) ?? .utc))
    }

    /// One line of the trail: `Waits until 20 Nov 2026, 08:00. It is night where the person lives.`
    package func text(of note: TrailNote) -> String {
        let word = self.word(for: note)
        return words.text(word.key, word.arguments)
    }

    /// The same as a word that a page renders.
    package func word(for note: TrailNote) -> Word {
        let key = Self.key(of: note)
        guard words.has(key) else { return Word("trail.other", ["kind": .text(note.kind)]) }
        // A provider need not say why.
        var arguments: [String: WordArgument] = [
            "detail": .text(words.text("failure.no_detail")), "code": .text("–"),
        ]
        for (name, value) in note.data where !value.isEmpty { arguments[name] = argument(name, value) }
        arguments["time"] = note.data["microseconds"].flatMap { Int64($0) }.map { .text(Self.milliseconds($0)) }
        return Word(key, arguments)
    }

    /// Why a message waits or will not go; a reason without words stands for itself.
    package func reason(_ id: String) -> String { named(id) ?? id }

    /// A status that the provider reports has a sentence of its own for each status.
    package static func key(of note: TrailNote) -> String {
        "trail." + note.kind + (note.kind == "status" ? "." + (note.data["status"] ?? "") : "")
    }

    private func argument(_ name: String, _ value: String) -> WordArgument {
        switch name {
        case "reason": .text(reason(value))
        case "until", "at": Timestamp(rfc3339: value).map { .time($0) } ?? .text(value)
        case "channel": .text(named("channel." + value) ?? value)
        default: .text(value)
        }
    }

    private func named(_ key: String) -> String? { words.has(key) ? words.text(key, [:]) : nil }

    /// `0.3 ms`
    static func milliseconds(_ microseconds: Int64) -> String {
        "\(microseconds / 1000).\(microseconds % 1000 / 100) ms"
    }
}
