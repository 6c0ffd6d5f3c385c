/// A template as a tree, before it is known with what values and at which place of a page it stands.
indirect enum Node: Sendable {
    /// Bytes of the source.
    case text(Range<Int>)
    /// The beginning of a line with its own white space.
    case lineStart(String, at: Int)
    case value(Expression, isUnescaped: Bool, at: Int)
    case section(Section)
    case inclusion(Inclusion)
    case block(Block)
}

struct Section: Sendable {
    let expression: Expression
    let isInverted: Bool
    let body: [Node]
    let offset: Int
    /// As it is written between its tags, for a helper; nil where no tag wrote it.
    var written: WrittenText?
}

/// Text of a template that is not read yet.
struct WrittenText: Sendable {
    let range: Range<Int>
    let delimiters: Delimiters
    /// It begins with a new line.
    let opensLine: Bool
}

/// A partial, or a parent with the blocks that it replaces.
struct Inclusion: Sendable {
    enum Name: Sendable {
        case fixed(String)
        /// `{{>*field a b}}`: the name is a value, here one of two. In the plain language every template may be named.
        case dynamic([String], among: [String])
    }

    let name: Name
    /// Goes before each line, when the tag has its line to itself.
    let indentation: String?
    let replacements: [Block]
    let offset: Int
}

/// A place that a child may fill, with its default; or, inside a parent tag, what fills it.
struct Block: Sendable {
    let name: String
    let body: [Node]
    let place: LinePlace
    let offset: Int

    /// The white space of the body's first line, when the body begins with a line.
    var firstIndentation: String? {
        guard case .lineStart(let blank, _) = body.first else { return nil }
        return blank
    }
}

/// What a tag asks for.
enum Expression: Sendable {
    /// `.`: the current row or value.
    case current
    /// `customer.name`
    case path([String])
    case form(Form)

    var text: String {
        switch self {
        case .current: "."
        case .path(let names): names.joined(separator: ".")
        case .form(let form): form.text
        }
    }
}

/// A tag with a colon: a written form of its arguments.
struct Form: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case word = "t"
        case money, number, date, time, datetime, ago, iso, url, asset
    }

    enum Argument: Sendable {
        case path([String])
        case literal(String)
    }

    let kind: Kind
    /// What follows the colon: a word's key, a field, a path.
    let subject: String
    let arguments: [(name: String, value: Argument)]

    var text: String { "\(kind.rawValue):\(subject)" }
}
