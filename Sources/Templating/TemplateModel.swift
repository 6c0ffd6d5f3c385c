/// What a template may know: a plain value that names its fields.
///
///     struct Row: TemplateModel {
///         var number: String
///         var total: Money
///         static let fields: [Field<Self>] = [.text("number") { $0.number }, .money("total") { $0.total }]
///     }
///
/// Write `static let`: a computed list would be built anew for every template that is compiled. The order and number
/// of the fields never change while the program runs.
package protocol TemplateModel: Sendable {
    static var fields: [Field<Self>] { get }
}

/// A page's model within what every page has: the layout's fields stand behind those of the page.
package struct Framed<Frame: TemplateModel, Content: TemplateModel>: TemplateModel {
    package var frame: Frame
    package var content: Content

    package init(frame: Frame, content: Content) {
        self.frame = frame
        self.content = content
    }

    /// A stored property always has an offset; without one a template could name nothing, and would not compile.
    package static var fields: [Field<Self>] {
        guard let content = MemoryLayout<Self>.offset(of: \.content),
            let frame = MemoryLayout<Self>.offset(of: \.frame)
        else { return [] }
        let names = Set(Content.fields.map(\.name))
        return Content.fields.map { $0.lifted(to: content) }
            + Frame.fields.filter { !names.contains($0.name) }.map { $0.lifted(to: frame) }
    }
}

/// The row of a list of plain texts.
struct TextRow: TemplateModel {
    let text: String
    static let fields: [Field<Self>] = [.text(".") { $0.text }]
}
