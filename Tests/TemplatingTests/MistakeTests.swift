import Templating
import Testing

@Suite struct `A mistake in a template` {
    /// Template, line, column, what the message says.
    @Test(arguments: [
        ("<p>\n {{name", 2, 2, "`}}` is missing"), ("{{{name}}", 1, 1, "`}}}` is missing"),
        ("{{=a}}", 1, 1, "`=}}` is missing"),
        ("{{=<% %> x=}}", 1, 1, "two words"), ("{{}}", 1, 1, "empty"), ("{{#}}", 1, 1, "empty"),
        ("{{#items}}\n", 1, 1, "`items` is never closed"), ("a {{/items}}", 1, 3, "was not opened"),
        ("{{#items}}\n{{^tags}}{{/items}}", 2, 10, "`tags` of line 2 is open"),
        ("{{name x}}", 1, 1, "no spaces"), ("{{nope:x}}", 1, 1, "no form `nope:`"),
        ("{{t:a b}}", 1, 1, "not an argument"),
        ("{{t: a}}", 1, 1, "says nothing"), ("{{t:a b=\"c}}", 1, 1, "quote"),
        ("{{#t:a}}{{/t:a}}", 1, 1, "takes a field"),
        ("{{money:total x=name}}", 1, 1, "takes no argument `x`"),
        ("{{>*name}}", 1, 1, "say which templates `*name` may name"),
    ])
    func `in its language is shown with its place`(template: String, line: Int, column: Int, says: String) throws {
        try expect(template, .syntax, line, column, says)
    }

    @Test(arguments: [
        ("ü{{nme}}", 1, 2, "no field `nme`; Shop has `name`, `note`"),
        ("{{#items}}\n{{x}}{{/items}}", 2, 1, "Item has `label`, `parts`; Shop has"),
        ("{{customer.x}}", 1, 1, "no field `x`; Customer has `name`"), ("{{name.x}}", 1, 1, "`name` has no parts"),
        ("{{.}}", 1, 1, "`.` is a text only"), ("{{>nothing}}", 1, 1, "no template `nothing`"),
        ("{{<nothing}}{{/nothing}}", 1, 1, "no template"),
        ("{{t:nope}}", 1, 1, "no word `nope`"), ("{{asset:x.css}}", 1, 1, "no static file"),
        ("{{isOpen}}", 1, 1, "use it in a section"), ("{{total}}", 1, 1, "write `money:total`"),
        ("{{at}}", 1, 1, "`ago:at`"),
        ("{{body}}", 1, 1, "three braces"), ("{{items}}", 1, 1, "is a list"), ("{{customer}}", 1, 1, "is an object"),
        ("{{money:count}}", 1, 1, "not what `money:` takes"), ("{{date:name}}", 1, 1, "not what `date:`"),
        ("{{number:name}}", 1, 1, "not what"),
        ("{{t:known x=items}}", 1, 1, "cannot be an argument"), ("{{url:/a/{id} x=name}}", 1, 1, "no argument `id=`"),
        ("{{url:/a x=total}}", 1, 1, "part of a URL"), ("{{>*name nothing}}", 1, 1, "no template `nothing`"),
        ("{{>*count page}}", 1, 1, "is not a text"), ("{{<*nme page}}{{/*nme}}", 1, 1, "no field `nme`"),
    ])
    func `in its names is shown with its place`(template: String, line: Int, column: Int, says: String) throws {
        try expect(template, .name, line, column, says)
    }

    @Test(arguments: [
        ("<p {{name}}>", "name of an attribute"), ("<{{name}}>", "name of an element"),
        ("</{{name}}>", "name of an element"),
        ("<p{{name}}>", "name of an element"), ("<p {{name}}=\"x\">", "name of an attribute"),
        ("<p a={{name}}>", "without quotes"),
        ("<p a=x{{name}}>", "without quotes"), ("<p style=\"{{name}}\">", "`style`"),
        ("<p onclick='{{name}}'>", "`onclick`"),
        ("<iframe srcdoc='{{name}}'>", "`srcdoc`"), ("<img srcset='{{name}}'>", "`srcset`"),
        ("<style>{{name}}</style>", "<style>"),
        ("<script>{{name}}</script>", "not JSON"), ("<script src=\"{{name}}\">", "what `<script>` loads"),
        ("<base href='{{name}}'>", "what `<base>` loads"), ("<svg><set to='{{name}}'>", "`<set>`"),
        ("<script type='module'>{{name}}</script>", "not JSON"),
        ("<script type='{{name}}'></script>", "type of a script"), ("<!doctype {{name}}>", "declaration"),
        ("<!--{{name}}-->", "dash"),
        ("<textarea></text{{name}}", "end tag"), ("<iframe>{{name}}</iframe>", "<iframe>"),
        ("<p>{{{name}}}</p>", "two braces"),
        ("<p>{{{t:known}}}</p>", "two braces"),
        ("<p title='{{{body}}}'>", "HTML may not stand in the attribute `title`"),
        ("<script type='application/json'>\"\\{{name}}\"</script>", "backslash"),
        ("{{#isOpen}}<p title=\"{{/isOpen}}\">", "begins in text, but ends in the attribute `title`"),
        ("<p title=\"{{#isOpen}}\">{{/isOpen}}", "but ends in text"),
        ("{{^isOpen}}<!-- {{/isOpen}}-->", "ends in a comment"),
        ("{{#items}}<script>{{/items}}", "ends in `<script>`"),
        ("{{#isOpen}}<textarea>{{/isOpen}}", "ends in `<textarea>`"),
        ("<p a={{#isOpen}}\"x\"{{/isOpen}}>", "may not begin in the attribute `a`"),
        ("<p{{#isOpen}}x{{/isOpen}}>", "put a space"),
        ("<p {{#isOpen}}x{{/isOpen}}y>", "put a space"), ("<p a{{#isOpen}} b{{/isOpen}}=\"x\">", "put a space"),
        ("<p {{#isOpen}}a{{/isOpen}} =\"x\">", "no name before it"), ("<{{#isOpen}}p{{/isOpen}}>", "may not begin"),
        ("<p>{{$a}}<b title='{{/a}}'>", "block `a` begins in text"), ("<p>{{>half}}", "ends in the tag `<b>`"),
        ("<p><b", "ends in the name of a tag"),
        ("{{<frame}}{{$a}}<!-- {{/a}}{{/frame}}", "block `a` begins in text, but ends in a comment"),
    ])
    func `in its HTML is shown`(template: String, says: String) throws {
        let library = TemplateLibrary(
            page: template, ["half": "<b ", "frame": "<p>{{$a}}{{/a}}</p>"], words: EchoWords(known: ["known"]))
        let error = try #require(throws: TemplateError.self) { try library.page("page", Shop.self) }
        #expect(error.kind == .context)
        #expect(error.message.contains(says), "\(error)")
    }

    @Test func `is marked under its line`() throws {
        let library = TemplateLibrary(page: "a\r\n\t<p>{{nme}}</p>\r\nb")
        let error = try #require(throws: TemplateError.self) { try library.page("page", Shop.self) }
        #expect(error.summary.hasPrefix("page.mustache:2:5: there is no field `nme`"))
        #expect(error.description.hasSuffix("\n\t<p>{{nme}}</p>\n\t   ^"))
    }

    @Test func `is named by the file that it is in`() throws {
        let library = TemplateLibrary(page: "{{>part}}", ["part": "\n{{nme}}"])
        let error = try #require(throws: TemplateError.self) { try library.page("page", Shop.self) }
        #expect((error.file, error.line, error.column) == ("part.mustache", 2, 1))
    }

    @Test func `of a template that is not there names it`() throws {
        let error = try #require(throws: TemplateError.self) { try TemplateLibrary().page("none", Shop.self) }
        #expect(error.summary == "none: there is no template `none`")
    }

    @Test(arguments: [

        "{{<page}}{{$a}}{{$b}}{{/b}}{{$b}}{{/b}}{{/a}}{{$b}}{{$a}}{{/a}}{{/b}}{{/page}}",
        "{{#items}} {{>page}}{{/items}}", "{{>page}}{{>page}}", "  {{>page}}\n",
    ])
    func `that goes on without end comes to one`(template: String) throws {
        let library = TemplateLibrary(page: template)
        var shop = Shop()
        shop.items = [Shop.Item(label: "a"), Shop.Item(label: "b")]
        // An error or a rendering: only that it ends is asked here.
        if let page = try? library.page("page", Shop.self) { #expect(page.render(shop, .sample).count < 10_000_000) }
        if let page = try? library.untyped("page", .spec) { #expect(page.render(.null).count < 10_000_000) }
    }

    @Test func `by nesting is found before it is too deep`() throws {
        let template = String(repeating: "{{#items}}", count: 5000) + String(repeating: "{{/items}}", count: 5000)
        let error = try #require(throws: TemplateError.self) {
            try TemplateLibrary(page: template).untyped("page", .spec)
        }
        #expect(error.message == "sections are nested too deeply")
    }

    private func expect(_ template: String, _ kind: TemplateError.Kind, _ line: Int, _ column: Int, _ says: String)
        throws
    {
        let library = TemplateLibrary(page: template, words: EchoWords(known: ["known", "a"]))
        let error = try #require(throws: TemplateError.self) { try library.page("page", Shop.self) }
        #expect((error.kind, error.line, error.column) == (kind, line, column))
        #expect(error.message.contains(says), "\(error)")
    }
}
