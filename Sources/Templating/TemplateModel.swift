package import Core

/// What a template may know: a plain value that names its fields.
///
///     struct Row: TemplateModel {
///         var number: String
///         var total: Money
///         static let fields: [Field<Self>] = [.text("number") { $0.number }, .money("total") { $0.total }]
///     }
///
/// Write `static let`: a computed list would be built anew for every list that is rendered. The order and number of
/// the fields never change while the program runs.
package protocol TemplateModel: Sendable {
    static var fields: [Field<Self>] { get }
}

/// One named field of a model: its kind, known when the template is compiled, and the closure that reads it.
///
/// Every closure may return nil where its kind allows it: nil renders as nothing, and as false in a section.
package struct Field<Model>: Sendable {
    package let name: String
    let kind: FieldKind
    let read: @Sendable (Model) -> FieldValue

    /// Plain text, escaped for the place where the tag stands. A section on it asks whether it is not empty.
    package static func text(_ name: String, _ read: @escaping @Sendable (Model) -> String?) -> Field {
        Field(name: name, kind: .text) { model in read(model).map(FieldValue.text) ?? .missing }
    }

    /// The decimal text of an id.
    package static func id(_ name: String, _ read: @escaping @Sendable (Model) -> ID?) -> Field {
        Field(name: name, kind: .integer) { model in read(model).map { .integer($0.number) } ?? .missing }
    }

    /// Has no text of its own: it opens and closes sections.
    package static func flag(_ name: String, _ read: @escaping @Sendable (Model) -> Bool) -> Field {
        Field(name: name, kind: .flag) { model in .flag(read(model)) }
    }

    /// `{{count}}` writes plain digits, `{{number:count}}` those of the language. A section asks whether it is not 0.
    package static func integer(_ name: String, _ read: @escaping @Sendable (Model) -> Int?) -> Field {
        Field(name: name, kind: .integer) { model in read(model).map { .integer(Int64($0)) } ?? .missing }
    }

    /// Written by `{{money:total}}`.
    package static func money(_ name: String, _ read: @escaping @Sendable (Model) -> Money?) -> Field {
        Field(name: name, kind: .money) { model in read(model).map(FieldValue.money) ?? .missing }
    }

    /// Written by `{{date:at}}`, `{{time:at}}`, `{{datetime:at}}`, `{{ago:at}}`, `{{iso:at}}`.
    package static func time(_ name: String, _ read: @escaping @Sendable (Model) -> Timestamp?) -> Field {
        Field(name: name, kind: .time) { model in read(model).map(FieldValue.time) ?? .missing }
    }

    /// A word of the catalogue that the page chose, such as the name of a state.
    package static func word(_ name: String, _ read: @escaping @Sendable (Model) -> Word?) -> Field {
        Field(name: name, kind: .word) { model in read(model).map(FieldValue.word) ?? .missing }
    }

    /// Markup that is already safe; only `{{{body}}}` in the text of a page takes it.
    package static func html(_ name: String, _ read: @escaping @Sendable (Model) -> SafeHTML?) -> Field {
        Field(name: name, kind: .html) { model in read(model).map(FieldValue.html) ?? .missing }
    }

    /// A section over it renders once a row, with the row's fields in front of the outer ones.
    package static func list<Row: TemplateModel>(
        _ name: String, _ row: Row.Type, _ read: @escaping @Sendable (Model) -> [Row]
    ) -> Field {
        Field(name: name, kind: .list { Shape(row) }) { model in .rows(ModelRows(read(model), Row.fields)) }
    }

    /// A list of texts; `{{.}}` in the section is the text.
    package static func texts(_ name: String, _ read: @escaping @Sendable (Model) -> [String]) -> Field {
        .list(name, TextRow.self) { model in read(model).map(TextRow.init) }
    }

    /// A model inside the model: `{{customer.name}}`, or a section, which nil leaves out.
    package static func object<Part: TemplateModel>(
        _ name: String, _ part: Part.Type, _ read: @escaping @Sendable (Model) -> Part?
    ) -> Field {
        Field(name: name, kind: .object { Shape(part) }) { model in
            .rows(ModelRows(read(model).map { [$0] } ?? [], Part.fields))
        }
    }

    /// The same field seen from a value that holds the model.
    func lifted<Whole>(_ part: @escaping @Sendable (Whole) -> Model) -> Field<Whole> {
        Field<Whole>(name: name, kind: kind) { [read] whole in read(part(whole)) }
    }
}

/// A page's model within what every page has: the layout's fields stand behind those of the page.
package struct Framed<Frame: TemplateModel, Content: TemplateModel>: TemplateModel {
    package var frame: Frame
    package var content: Content

    package init(frame: Frame, content: Content) {
        self.frame = frame
        self.content = content
    }

    package static var fields: [Field<Self>] {
        let own = Content.fields.map { $0.lifted { (whole: Self) in whole.content } }
        let names = Set(own.map(\.name))
        return own + Frame.fields.filter { !names.contains($0.name) }.map { $0.lifted { (whole: Self) in whole.frame } }
    }
}

/// The row of a list of plain texts.
struct TextRow: TemplateModel {
    let text: String
    static let fields: [Field<Self>] = [.text(".") { $0.text }]
}
