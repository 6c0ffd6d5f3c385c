package import Core

/// A word of the catalogue with its arguments, for a page that chooses words by its data.
package struct Word: Sendable, Equatable {
    package var key: String
    package var arguments: [String: WordArgument]

    package init(_ key: String, _ arguments: [String: WordArgument] = [:]) {
        self.key = key
        self.arguments = arguments
    }
}

/// What stands for a name in a word. The number called `count` chooses the plural.
package enum WordArgument: Sendable, Equatable {
    case text(String)
    case number(Int64)
    case money(Money)
    case time(Timestamp)
}

/// The words and written forms of one language.
package protocol TemplateWords: Sendable {
    /// The language that the words are really in (BCP 47), whatever was asked for.
    var language: String { get }
    /// Whether the catalogue has the word; templates are checked with it when they are compiled.
    func has(_ key: String) -> Bool
    func text(_ key: String, _ arguments: [String: WordArgument]) -> String
    func number(_ number: Int64) -> String
    func money(_ money: Money) -> String
    /// - Parameter zone: an IANA time zone.
    func date(_ time: Timestamp, zone: String) -> String
    func time(_ time: Timestamp, zone: String) -> String
    func dateTime(_ time: Timestamp, zone: String) -> String
    /// `5 minutes ago`, `in 2 days`.
    func relative(_ time: Timestamp, now: Timestamp) -> String
}
