import Templating
import Testing

@Suite struct `A helper` {
    private static let helpers = [
        TemplateHelper("strong") { "<strong>\($0)</strong>" }, TemplateHelper("open") { "<b title=\"\($0)" },
        TemplateHelper("again") { _ in "{{again}}" }, TemplateHelper("sign") { _ in "<&" },
        TemplateHelper("wrong") { _ in "{{nme}}" }, TemplateHelper("greeting") { "{{t:hello name=name}}\($0)" },
    ]

    private func render(_ page: String) throws -> String {
        let source = TemplateSource(name: "page", file: "page.mustache", text: page)
        let library = TemplateLibrary(sources: [source], helpers: Self.helpers)
        return String(decoding: try library.page("page", Shop.self).render(Shop(name: "<x>"), .sample), as: UTF8.self)
    }

    @Test(arguments: [
        ("<p>{{#strong}}{{name}}{{/strong}}</p>", "<p><strong>&lt;x&gt;</strong></p>"),
        ("<a href=\"/{{#strong}}{{name}}{{/strong}}\">", "<a href=\"/<strong>%3Cx%3E</strong>\">"),
        ("{{#greeting}}!{{/greeting}}", "&lt;hello name=&lt;x&gt;&gt;!"),
        ("<p>{{sign}}</p>{{^strong}}none{{/strong}}", "<p>&lt;&amp;</p>"),
        ("<a title=\"{{sign}}\" href=\"/?q={{sign}}\">", "<a title=\"&lt;&amp;\" href=\"/?q=%3C%26\">"),
    ])
    func `is a part of the page`(template: String, expected: String) throws {
        #expect(try render(template) == expected)
    }

    @Test(arguments: [
        ("a\n {{#open}}{{/open}}", 2, 2, TemplateError.Kind.context, "`open` makes `<b title=\"` of this"),
        ("{{again}}", 1, 1, .syntax, "goes on without end"), ("{{wrong}}", 1, 1, .name, "no field `nme`"),
        ("<{{sign}}>", 1, 2, .context, "may not begin"),
    ])
    func `is checked where it is used`(
        template: String, line: Int, column: Int, kind: TemplateError.Kind, says: String
    ) throws {
        let error = try #require(throws: TemplateError.self) { try render(template) }
        #expect((error.line, error.column, error.kind) == (line, column, kind))
        #expect(error.message.contains(says), "\(error)")
    }
}
