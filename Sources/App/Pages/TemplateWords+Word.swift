import Core
package import Templating

extension TemplateWords {
    /// The text of a word that was chosen with its arguments.
    package func text(_ word: Word) -> String { text(word.key, word.arguments) }
    package func text(_ key: String) -> String { text(key, [:]) }

    /// A count that stopped at `cap`: `1,204`, or `1,000+`.
    func capped(_ count: Int, at cap: Int) -> String { number(Int64(min(count, cap))) + (count > cap ? "+" : "") }
}
