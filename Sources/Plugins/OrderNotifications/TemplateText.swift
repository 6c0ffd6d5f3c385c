/// The text of a template's parameter, which Meta takes only without line breaks, tabs and more than three spaces in
/// a row, and never empty.
enum TemplateText {
    static func oneLine(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? "-" : words.joined(separator: " ")
    }
}
