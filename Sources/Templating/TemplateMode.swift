/// For what a template is compiled.
package enum TemplateMode: String, Sendable, CaseIterable {
    /// Mustache and nothing more.
    case spec
    /// HTML that a browser shows: escaped by place, strict about names.
    case page
    /// Messages and mail: not escaped, strict about names.
    case text
}
