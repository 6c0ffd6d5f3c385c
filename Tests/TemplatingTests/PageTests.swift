import Core
import Foundation
import Templating
import TestSupport
import Testing

@Suite struct `A page` {
    @Test(arguments: [
        (
            "{{t:a}} {{t:b count=count name=customer.name x=\"y z\" at=at sum=total}}",
            "&lt;a&gt; &lt;b at=1970-01-01T00:00:01.000Z count=#3 name=Bo sum=29.90 x=y z&gt;"
        ),
        ("{{money:total}} {{number:count}} {{count}} {{id}}", "EUR 29.90 n3 3 7"),
        (
            "{{date:at}} {{time:at}} {{datetime:at}} {{ago:at}} {{iso:at}}",
            "date@Asia/Dubai time@Asia/Dubai datetime@Asia/Dubai 5000 ms ago 1970-01-01T00:00:01.000Z"
        ),
        ("{{state}}", "&lt;state.paid n=#1&gt;"), ("{{customer.name}}{{#customer}}[{{name}}]{{/customer}}", "Bo[Bo]"),
        ("{{#items}}{{label}}:{{count}};{{/items}}", "a:3;b:3;"), ("{{#tags}}{{.}},{{/tags}}", "x,y,"),
        ("{{#name}}({{.}}){{/name}}{{#count}}-{{.}}{{/count}}{{^note}}none{{/note}}", "(Ada &amp; Co)-3none"),
        ("{{#isOpen}}open{{/isOpen}}{{^isOpen}}shut{{/isOpen}}{{#at}}+{{/at}}{{#total}}+{{/total}}", "open++"),
        ("<option{{#isOpen}} selected{{/isOpen}}{{^isOpen}} hidden{{/isOpen}}>", "<option selected>"),
        (
            "<option {{#isOpen}}selected{{/isOpen}} class=\"a{{#count}} b{{/count}}\">",
            "<option selected class=\"a b\">"
        ),
        ("<a href=\"/o{{#count}}?n={{count}}{{/count}}\">", "<a href=\"/o?n=3\">"),
        ("1 < 2 {{name}} <3", "1 < 2 Ada &amp; Co <3"),
    ])
    func `writes its values`(template: String, expected: String) throws {
        var shop = Shop(count: 3, customer: Shop.Customer(name: "Bo"), tags: ["x", "y"])
        shop.items = [Shop.Item(label: "a"), Shop.Item(label: "b")]
        #expect(try TemplateLibrary(page: template).rendered(shop) == expected)
    }

    @Test func `leaves out what is not there`() throws {
        let page =
            "[{{note}}{{customer.name}}{{#customer}}x{{/customer}}{{#items}}x{{/items}}{{#count}}x{{/count}}{{^items}}-{{/items}}]"
        #expect(try TemplateLibrary(page: page).rendered(Shop()) == "[-]")
    }

    @Test func `stands in its layout`() throws {
        let layout =
            "<title>{{$title}}{{siteName}}{{/title}}</title>\n<main lang=\"{{$lang}}en{{/lang}}\">\n  {{$main}}\n  {{/main}}\n</main>\n"
        let page = "{{<layout}}\n{{$title}}{{name}}{{/title}}\n{{$main}}\n<p>{{siteName}}</p>\n{{/main}}\n{{/layout}}\n"
        struct Frame: TemplateModel {
            static let fields: [Field<Self>] = [.text("siteName") { _ in "S" }, .text("name") { _ in "hidden" }]
        }
        let library = TemplateLibrary(page: page, ["layout": layout])
        let model = Framed(frame: Frame(), content: Shop())
        let expected = "<title>Ada &amp; Co</title>\n<main lang=\"en\">\n  <p>S</p>\n</main>\n"
        #expect(try library.rendered(model, as: Framed<Frame, Shop>.self) == expected)
    }

    @Test func `draws a tree with itself`() throws {
        var shop = Shop()
        shop.items = [
            Shop.Item(label: "a", parts: [Shop.Item(label: "b", parts: [Shop.Item(label: "c")])]),
            Shop.Item(label: "d"),
        ]
        let library = TemplateLibrary(
            page: "{{#items}}{{>item}}{{/items}}", ["item": "<li>{{label}}{{name}}{{#parts}}{{>item}}{{/parts}}"])
        shop.name = "!"
        #expect(try library.rendered(shop) == "<li>a!<li>b!<li>c!<li>d!")
    }

    @Test func `gives the outer row back after an inner one of the same kind`() throws {
        var shop = Shop()
        shop.items = [Shop.Item(label: "a", parts: [Shop.Item(label: "b")])]
        #expect(
            try TemplateLibrary(page: "{{#items}}{{label}}{{#parts}}{{label}}{{/parts}}{{label}}{{/items}}").rendered(
                shop) == "aba")
    }

    @Test func `of untyped data is escaped by place too`() throws {
        let library = TemplateLibrary(page: "<a href=\"{{u}}\">{{x}}{{money:m}}{{none}}</a>")
        let data = TemplateValue.object([
            "u": .text("javascript:1"), "x": .text("<"),
            "m": .object(["amount": .text("1.50"), "currency": .text("USD")]),
        ])
        let page = try library.untyped("page", .page)
        #expect(
            String(decoding: page.render(data, .sample), as: UTF8.self) == "<a href=\"about:invalid\">&lt;USD 1.50</a>")
    }

    @Test func `of the site stands before the original`() throws {
        let (own, site) = try (TemporaryFolder(), TemporaryFolder())
        for folder in [own, site] {
            try FileManager.default.createDirectory(atPath: folder.file("a"), withIntermediateDirectories: false)
        }
        try own.write("a/page.mustache", "original {{>a/part}}")
        try own.write("a/part.mustache", "part")
        try site.write("a/part.mustache", "{{name}}")
        let library = TemplateLibrary(folders: [own.path], overrides: site.path)
        let page = try library.page("a/page", Shop.self)
        #expect(String(decoding: page.render(Shop(name: "x"), .sample), as: UTF8.self) == "original x")
        #expect(page.problems.isEmpty)
        #expect(library.names() == ["a/page", "a/part"])
        #expect(try library.source("a/part")?.text == "{{name}}")
        #expect(try library.original("a/part")?.text == "part")
        #expect(try library.override("a/page")?.text == nil)
    }

    @Test(arguments: ["{{nme}}", "{{#", "<b title=\"", "<textarea>{{$x}}{{/x}}</textarea>"])
    func `falls back to the original when the site's own is broken`(broken: String) throws {
        let (own, site) = try (TemporaryFolder(), TemporaryFolder())
        try own.write(
            "page.mustache", "{{<frame}}{{$x}}<b>{{name}}</b><textarea>x</textarea>{{/x}}{{/frame}} {{>good}}")
        try own.write("frame.mustache", "<p>{{$x}}{{/x}}</p>")
        try own.write("good.mustache", "original")
        try site.write("frame.mustache", broken)
        let library = TemplateLibrary(folders: [own.path], overrides: site.path)
        let page = try library.page("page", Shop.self)
        #expect(
            String(decoding: page.render(Shop(name: "x"), .sample), as: UTF8.self)
                == "<p><b>x</b><textarea>x</textarea></p> original")
        #expect(page.problems.count == 1)
    }

    @Test(arguments: ["../secret", "a/../../secret", "/etc/passwd", ".hidden", "a//b", ""])
    func `is never read from outside its folder`(name: String) throws {
        let folder = try TemporaryFolder()
        #expect(try TemplateLibrary(folders: [folder.path + "/in"]).source(name) == nil)
    }
}
