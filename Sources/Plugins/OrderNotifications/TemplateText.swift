import Domain

/// The texts of a template's parameters. Meta takes them only without line breaks, tabs and more than four spaces in a
/// row, never empty, and with the whole body filled in no longer than 1024 characters (132005, 132018).
enum TemplateText {
    private static let bodyMaximum = 1024

    static func oneLine(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? "-" : words.joined(separator: " ")
    }

    /// How many characters the parameters have together, beside what the template itself says.
    static func room(in template: ChannelTemplate?) -> Int {
        guard let template else { return bodyMaximum }
        let own = template.bodyParameters.reduce(template.bodyText) { $0.replacing("{{\($1)}}", with: "") }
        return max(template.bodyParameters.count, bodyMaximum - own.count)
    }

    /// Cuts the longest until all of them fit together.
    static func cut(_ texts: [String], room: Int) -> [String] {
        var texts = texts
        var excess = texts.reduce(0) { $0 + $1.count } - room
        while excess > 0, let longest = texts.indices.max(by: { texts[$0].count < texts[$1].count }) {
            let length = texts[longest].count
            // Down to the next longest at most, so that one long note does not take the room of all.
            let next = texts.indices.filter { $0 != longest }.map { texts[$0].count }.max() ?? 0
            let wanted = max(1, max(length - excess, min(next, length - 1)))
            if wanted >= length { break }
            texts[longest] = texts[longest].cut(to: wanted)
            excess -= length - wanted
        }
        return texts
    }
}
