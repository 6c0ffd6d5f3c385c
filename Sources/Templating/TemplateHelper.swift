/// A lambda of the language, as the program declares it: template text made of the text in its section.
///
///     TemplateHelper("strong") { text in "<strong>\(text)</strong>" }
///
/// `{{#strong}}{{name}}{{/strong}}` gives it `{{name}}`, still unread. It is asked once for each tag, when a template
/// is compiled: it sees no data, costs nothing while rendering, and what it makes is checked like any other text of
/// the template.
package struct TemplateHelper: Sendable {
    package let name: String
    let expand: @Sendable (String) -> String

    /// - Parameter expand: gets an empty text from `{{name}}`, which has no section.
    package init(_ name: String, _ expand: @escaping @Sendable (String) -> String) {
        self.name = name
        self.expand = expand
    }
}
