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
    struct Member: Sendable {
        let name: String
        let kind: FieldKind
        let reference: FieldReference
    }

    let type: ObjectIdentifier
    /// The model's Swift name, for messages to template authors.
    let name: String
    let fields: [Member]

    init<Model: TemplateModel>(_ model: Model.Type) {
        let type = ObjectIdentifier(model)
        self.type = type
        name = String(describing: model)
        fields = Model.fields.enumerated().map { index, field in
            Member(
                name: field.name, kind: field.kind,
                reference: FieldReference(shape: type, index: index, reader: field.reader, offset: field.offset))
        }
    }

    /// Plain texts, whose row is their array.
    init(texts names: [String]) {
        let type = ObjectIdentifier([String].self)
        self.type = type
        name = "the text"
        fields = names.enumerated().map { index, name in
            let reader = FieldReader.text { $0.assumingMemoryBound(to: [String].self).pointee[index] }
            return Member(
                name: name, kind: .text,
                reference: FieldReference(shape: type, index: index, reader: reader, offset: 0))
        }
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
    /// A value of a `TemplateValue`, kept as it is: a list or an object.
    case dynamic(TemplateValue)
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
