/// A piece of a template's text: what stands between tags, the end of a line, or a tag.
enum Token {
    case text(Range<Int>)
    case newline(Range<Int>)
    case tag(Tag)
}

/// A tag as it is written, without its delimiters and the sign of its kind.
struct Tag: Sendable {
    enum Kind {
        case value, unescaped, section, inverted, close, partial, parent, block, comment, delimiters

        /// Whether a closing tag belongs to it.
        var opens: Bool {
            switch self {
            case .section, .inverted, .parent, .block: true
            case .value, .unescaped, .close, .partial, .comment, .delimiters: false
            }
        }
    }

    let kind: Kind
    let content: String
    /// Where its opening delimiter stands.
    let offset: Int
}
