import Core

/// What kind of value a field holds; the compiler checks each tag against it.
enum FieldKind: Sendable {
    case text, flag, integer, money, time, word, html
    /// The shape comes from a closure so that a model may hold itself (a tree).
    case list(@Sendable () -> Shape)
    case object(@Sendable () -> Shape)
}

/// The names and kinds of a model's fields.
struct Shape: Sendable {
    let type: ObjectIdentifier
    /// The model's Swift name, for messages to template authors.
    let name: String
    let fields: [(name: String, kind: FieldKind)]

    init<Model: TemplateModel>(_ model: Model.Type) {
        type = ObjectIdentifier(model)
        name = String(describing: model)
        fields = Model.fields.map { ($0.name, $0.kind) }
    }

    /// Fields that are all plain texts.
    init(texts names: [String]) {
        type = ObjectIdentifier(TextRow.self)
        name = "the text"
        fields = names.map { ($0, .text) }
    }

    func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }
}

/// What a field says when it is read.
enum FieldValue {
    case missing
    case text(String)
    case flag(Bool)
    case integer(Int64)
    case decimal(Double)
    case money(Money)
    case time(Timestamp)
    case word(Word)
    case html(SafeHTML)
    case rows(Rows)
    /// A value of a `TemplateValue`, kept as it is: a list or an object.
    case dynamic(TemplateValue)
}

/// The rows of a list (or the one row of an object) as the renderer walks over them.
class Rows {
    /// No row, for a register that is not in use.
    static var none: Rows { ModelRows<TextRow>([], []) }

    /// Steps to the next row, first to the first one; false after the last.
    func advance() -> Bool { false }
    /// Reads a field of the row stepped to.
    func value(_ field: Int) -> FieldValue { .missing }
}

final class ModelRows<Model: TemplateModel>: Rows {
    private let rows: [Model]
    private let fields: [Field<Model>]
    private var at = -1

    init(_ rows: [Model], _ fields: [Field<Model>]) {
        self.rows = rows
        self.fields = fields
    }

    override func advance() -> Bool {
        at += 1
        return at < rows.count
    }

    override func value(_ field: Int) -> FieldValue { fields[field].read(rows[at]) }
}

/// A value without a declared shape, as it comes from JSON.
package enum TemplateValue: Sendable, Hashable {
    case null
    case flag(Bool)
    case integer(Int64)
    case decimal(Double)
    case text(String)
    case list([TemplateValue])
    case object([String: TemplateValue])
}
