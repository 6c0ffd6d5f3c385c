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
    /// Where what follows it begins.
    let end: Int
    /// Those in force after it.
    var delimiters: Delimiters

    /// What its closing tag repeats: the name alone, without the templates that a dynamic name chooses from.
    var name: Substring {
        guard content.hasPrefix("*") else { return content[...] }
        return content.dropFirst().drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
    }
}

/// What tags are written between.
struct Delimiters: Sendable {
    var open: [UInt8]
    var close: [UInt8]

    static let standard = Delimiters(open: Array("{{".utf8), close: Array("}}".utf8))
}
