import Templating
import Testing

@Suite struct `A template chosen by name` {
    private let others = ["one": "<i>{{name}}</i>", "two": "{{#items}}{{label}};{{/items}}", "frame": "[{{$a}}{{/a}}]"]

    @Test(arguments: [("one", "<p><i>one</i></p>"), ("two", "<p>x;</p>"), ("frame", "<p></p>"), ("../one", "<p></p>")])
    func `is one of those declared`(name: String, expected: String) throws {
        let library = TemplateLibrary(page: "<p>{{>*name one two}}</p>", others)
        var shop = Shop(name: name)
        shop.items = [Shop.Item(label: "x")]
        #expect(try library.rendered(shop) == expected)
        #expect(try TemplateLibrary(page: "{{>*name one two}}", others).renderedText(Shop(name: "two")).isEmpty)
    }

    @Test func `is one of those declared for untyped data`() throws {
        let page = try TemplateLibrary(page: "<p>{{>*kind one}}</p>", others).untyped("page", .page)
        for (kind, expected) in [("one", "<p><i>&lt;</i></p>"), ("frame", "<p></p>")] {
            let data = TemplateValue.object(["kind": .text(kind), "name": .text("<")])
            #expect(String(decoding: page.render(data, .sample), as: UTF8.self) == expected)
        }
    }

    @Test func `may be a parent`() throws {
        let library = TemplateLibrary(page: "{{<*name frame}}{{$a}}{{count}}{{/a}}{{/*name}}", others)
        #expect(try library.rendered(Shop(name: "frame", count: 2)) == "[2]")
    }

    @Test func `is compiled once for each place`() throws {
        let page = "<a title=\"{{>*name word}}\" href=\"/{{>*name word}}\">{{#items}}{{>*name word}}{{/items}}"
        var shop = Shop(name: "word", note: "<b>")
        shop.items = [Shop.Item(label: "x")]
        #expect(
            try TemplateLibrary(page: page, ["word": "{{note}}"]).rendered(shop)
                == "<a title=\"&lt;b&gt;\" href=\"/%3Cb%3E\">&lt;b&gt;")
    }

    /// Each of them, and none, must leave the page at the same place.
    @Test(arguments: ["<b", "<textarea>", "<!-- ", "{{>*name bad}}<p title=\""])
    func `ends where it begins`(bad: String) throws {
        let library = TemplateLibrary(page: "{{>*name one bad}}", others.merging(["bad": bad]) { $1 })
        #expect(throws: TemplateError.self) { try library.page("page", Shop.self) }
    }

    /// What data could bring to the front of a URL is remembered whichever template was chosen.
    @Test func `passes on what it may have written`() throws {
        let library = TemplateLibrary(page: "<a href=\"{{>*name word}}:x\">", ["word": "{{note}}"])
        let error = try #require(throws: TemplateError.self) { try library.page("page", Shop.self) }
        #expect(error.message.contains("scheme"))
    }
}
