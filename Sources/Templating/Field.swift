package import Core

/// One named field of a model: its kind, known when the template is compiled, and how it is read.
///
/// Every closure may return nil where its kind allows it: nil renders as nothing, and as false in a section. It is
/// read whenever a tag asks for it, so it should only say what the model holds.
package struct Field<Model>: Sendable {
    package let name: String
    let kind: FieldKind
    let reader: FieldReader
    /// Where in a row the model begins.
    private(set) var offset = 0

    init(name: String, kind: FieldKind, reader: FieldReader) {
        self.name = name
        self.kind = kind
        self.reader = reader
    }

    /// Plain text, escaped for the place where the tag stands. A section on it asks whether it is not empty.
    package static func text(_ name: String, _ read: @escaping @Sendable (Model) -> String?) -> Field {
        Field(name: name, kind: .text, reader: .text { reading($0, read) })
    }

    /// The decimal text of an id.
    package static func id(_ name: String, _ read: @escaping @Sendable (Model) -> ID?) -> Field {
        Field(
            name: name, kind: .integer,
            reader: .integer { reading($0, read)?.number })
    }

    /// Has no text of its own: it opens and closes sections.
    package static func flag(_ name: String, _ read: @escaping @Sendable (Model) -> Bool) -> Field {
        Field(name: name, kind: .flag, reader: .flag { reading($0, read) })
    }

    /// `{{count}}` writes plain digits, `{{number:count}}` those of the language. A section asks whether it is not 0.
    package static func integer(_ name: String, _ read: @escaping @Sendable (Model) -> Int?) -> Field {
        Field(
            name: name, kind: .integer,
            reader: .integer { reading($0, read).map(Int64.init) })
    }

    /// Written by `{{money:total}}`.
    package static func money(_ name: String, _ read: @escaping @Sendable (Model) -> Money?) -> Field {
        Field(name: name, kind: .money, reader: .money { reading($0, read) })
    }

    /// Written by `{{date:at}}`, `{{time:at}}`, `{{datetime:at}}`, `{{ago:at}}`, `{{iso:at}}`.
    package static func time(_ name: String, _ read: @escaping @Sendable (Model) -> Timestamp?) -> Field {
        Field(name: name, kind: .time, reader: .time { reading($0, read) })
    }

    /// A word of the catalogue that the page chose, such as the name of a state.
    package static func word(_ name: String, _ read: @escaping @Sendable (Model) -> Word?) -> Field {
        Field(name: name, kind: .word, reader: .word { reading($0, read) })
    }

    /// Markup that is already safe; only `{{{body}}}` in the text of a page takes it.
    package static func html(_ name: String, _ read: @escaping @Sendable (Model) -> SafeHTML?) -> Field {
        Field(name: name, kind: .html, reader: .html { reading($0, read) })
    }

    /// A section over it renders once a row, with the row's fields in front of the outer ones.
    package static func list<Row: TemplateModel>(
        _ name: String, _ row: Row.Type, _ read: @escaping @Sendable (Model) -> [Row]
    ) -> Field {
        let rows = RowsReader(
            each: { model, visit in
                reading(model, read).withUnsafeBufferPointer { rows in
                    guard let first = rows.baseAddress else { return }
                    for i in rows.indices { visit(UnsafeRawPointer(first + i)) }
                }
            },
            isEmpty: { reading($0, read).isEmpty })
        return Field(name: name, kind: .list { Shape(row) }, reader: .rows(rows))
    }

    /// A list of texts; `{{.}}` in the section is the text.
    package static func texts(_ name: String, _ read: @escaping @Sendable (Model) -> [String]) -> Field {
        let rows = RowsReader(
            each: { model, visit in
                for text in reading(model, read) {
                    withUnsafePointer(to: TextRow(text: text)) { visit(UnsafeRawPointer($0)) }
                }
            },
            isEmpty: { reading($0, read).isEmpty })
        return Field(name: name, kind: .list { Shape(TextRow.self) }, reader: .rows(rows))
    }

    /// A model inside the model: `{{customer.name}}`, or a section, which nil leaves out.
    package static func object<Part: TemplateModel>(
        _ name: String, _ part: Part.Type, _ read: @escaping @Sendable (Model) -> Part?
    ) -> Field {
        let rows = RowsReader(
            each: { model, visit in
                guard let part = reading(model, read) else { return }
                withUnsafePointer(to: part) { visit(UnsafeRawPointer($0)) }
            },
            isEmpty: { reading($0, read) == nil })
        return Field(name: name, kind: .object { Shape(part) }, reader: .rows(rows))
    }

    /// The same field seen from a value that holds the model.
    /// - Parameter offset: where in the value the model begins.
    func lifted<Whole>(to offset: Int) -> Field<Whole> {
        var field = Field<Whole>(name: name, kind: kind, reader: reader)
        field.offset = self.offset + offset
        return field
    }
}
