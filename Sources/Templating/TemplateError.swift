/// A mistake in a template, with its place and the line marked.
package struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The file is not there or cannot be read.
        case file
        /// The text is not Mustache.
        case syntax
        /// A field, partial, word or asset that does not exist, or one of the wrong kind.
        case name
        /// A tag, branch or partial at a place of the HTML where it is not safe.
        case context
    }

    package var kind: Kind
    package var message: String
    package var file: String
    /// From 1; 0 when the mistake has no place.
    package var line: Int
    /// From 1, in characters.
    package var column: Int
    /// The line of the source.
    package var excerpt: String

    /// `file:line:column: message`, in one line.
    package var summary: String { line == 0 ? "\(file): \(message)" : "\(file):\(line):\(column): \(message)" }

    /// The summary, the line, and a mark under the place.
    package var description: String {
        guard line > 0 else { return summary }
        // Tabs stay tabs under the line, so that the mark stands right whatever a tab's width is.
        let margin = excerpt.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
        return "\(summary)\n\(excerpt)\n\(margin)^"
    }
}
