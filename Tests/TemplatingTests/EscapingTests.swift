import Core
import Templating
import TestSupport
import Testing

@Suite struct `Escaping in pages` {
    /// Every context, with what it makes of the same hostile text.
    @Test(arguments: [
        (##"<p>{{name}}</p>"##, ##"<p>&lt;/p&gt;&#39;&quot;&amp;-- &gt;javascript:x</p>"##),
        (##"<p title="{{name}}">"##, ##"<p title="&lt;/p&gt;&#39;&quot;&amp;-- &gt;javascript:x">"##),
        (##"<p title='{{name}}'>"##, ##"<p title='&lt;/p&gt;&#39;&quot;&amp;-- &gt;javascript:x'>"##),
        (##"<title>{{name}}</title>"##, ##"<title>&lt;/p&gt;&#39;&quot;&amp;-- &gt;javascript:x</title>"##),
        (
            ##"<textarea>{{name}}</TEXTAREA >"##,
            ##"<textarea>&lt;/p&gt;&#39;&quot;&amp;-- &gt;javascript:x</TEXTAREA >"##
        ),
        (##"<!-- {{name}} -->"##, ##"<!-- &lt;/p&gt;&#39;&quot;&amp;&#45;&#45; &gt;javascript:x -->"##),
        (##"<a href="{{name}}">"##, ##"<a href="%3C/p%3E%27%22&amp;--%20%3Ejavascript:x">"##),
        (##"<a href="/{{name}}">"##, ##"<a href="/%3C%2Fp%3E%27%22%26--%20%3Ejavascript:x">"##),
        (##"<a href='/?q={{name}}'>"##, ##"<a href='/?q=%3C%2Fp%3E%27%22%26--%20%3Ejavascript%3Ax'>"##),
        (##"<a href="#{{name}}">"##, ##"<a href="#%3C%2Fp%3E%27%22%26--%20%3Ejavascript%3Ax">"##),
        (
            ##"<script type="application/json">[{{name}}]</script>"##,
            ##"<script type="application/json">["\u003c/p\u003e'\"\u0026-- \u003ejavascript:x"]</script>"##
        ),
        (
            ##"<script type="application/json">["a {{name}}"]</script>"##,
            ##"<script type="application/json">["a \u003c/p\u003e'\"\u0026-- \u003ejavascript:x"]</script>"##
        ),
    ])
    func `depends on the place`(template: String, expected: String) throws {
        let shop = Shop(name: "</p>'\"&-- >javascript:x")
        #expect(try TemplateLibrary(page: template).rendered(shop) == expected)
    }

    @Test(arguments: [
        ("javascript:alert(1)", "about:invalid"), ("JavaScript:alert(1)", "about:invalid"),
        (" javascript:alert(1)", "about:invalid"), ("java\nscript:alert(1)", "about:invalid"),
        ("\u{1}javascript:alert(1)", "about:invalid"), ("data:text/html,x", "about:invalid"),
        ("vbscript:x", "about:invalid"), (":x", "about:invalid"), ("ftp:x", "about:invalid"),
        ("https://a.example/?b=c&d=%20", "https://a.example/?b=c&amp;d=%20"),
        ("MAILTO:a@b.example", "MAILTO:a@b.example"),
        ("tel:+12025550100", "tel:+12025550100"), ("/a:b", "/a:b"), ("?a:b", "?a:b"), ("a b\\c", "a%20b%5Cc"),
        ("//a.example/ü", "//a.example/%C3%BC"), ("", ""),
    ])
    func `lets only safe schemes through`(url: String, expected: String) throws {
        for attribute in ["href", "src", "action", "formaction", "HREF", "xlink:href", "data-src"] {
            let library = TemplateLibrary(page: "<a \(attribute)=\"{{name}}\">")
            #expect(try library.rendered(Shop(name: url)) == "<a \(attribute)=\"\(expected)\">")
        }
    }

    @Test func `does not let a scheme be put together`() throws {
        #expect(
            try TemplateLibrary(page: "<a href=\"java{{name}}\">").rendered(Shop(name: "script:x"))
                == "<a href=\"javaabout:invalid\">")
        #expect(
            try TemplateLibrary(page: "<a href=\"{{name}}{{note}}\">").rendered(Shop(name: "javascript", note: ":x"))
                == "<a href=\"javascriptabout:invalid\">")
        for page in [
            "<a href=\"{{name}}:{{note}}\">", "<a href=\"javascript:{{name}}\">",
            "<a href=\"{{#note}}java{{/note}}script:{{name}}\">",
        ] {
            let error = #expect(throws: TemplateError.self) { try TemplateLibrary(page: page).rendered(Shop()) }
            #expect(error?.kind == .context)
        }
    }

    @Test func `keeps URLs of templates as they are`() throws {
        let shop = Shop(name: "a/b&c", note: nil, count: 3)
        let page =
            "<a href=\"{{url:/o/{n}/x?y=1#z n=name q=name none=note c=count}}\">{{url:/p q=name}}<link href='{{asset:app.css}}'>"
        #expect(
            try TemplateLibrary(page: page).rendered(shop)
                == "<a href=\"/o/a%2Fb%26c/x?y=1&amp;q=a%2Fb%26c&amp;c=3#z\">/p?q=a%2Fb%26c<link href='/app.css?v=1&amp;w=2'>"
        )
        let nested = "<a href=\"/login?next={{url:/p q=name}}\">"
        #expect(try TemplateLibrary(page: nested).rendered(shop) == "<a href=\"/login?next=%2Fp%3Fq%3Da%252Fb%2526c\">")
    }

    @Test(arguments: [
        ("<script src=\"{{url:/a.js s=name}}\"></script>", "<script src=\"/a.js?s=x%3A\"></script>"),
        ("<script src=\"/a.js?s={{name}}\"></script>", "<script src=\"/a.js?s=x%3A\"></script>"),
        ("<a href=\"{{url:/a}}{{name}}\">", "<a href=\"/ax%3A\">"),
    ])
    func `lets data fill the URL that a template chose`(template: String, expected: String) throws {
        #expect(try TemplateLibrary(page: template).rendered(Shop(name: "x:")) == expected)
    }

    @Test func `writes JSON values by their kind`() throws {
        let page = "<script type='application/json'>[{{count}},{{isOpen}},{{note}},{{state}}]</script>"
        #expect(
            try TemplateLibrary(page: page).rendered(Shop(count: -2))
                == "<script type='application/json'>[-2,true,null,\"\\u003cstate.paid n=#1\\u003e\"]</script>")
    }

    @Test func `lets only vouched markup stand as it is`() throws {
        #expect(try TemplateLibrary(page: "<p>{{{body}}}{{&body}}</p>").rendered(Shop()) == "<p><b>x</b><b>x</b></p>")
    }

    @Test func `happens to nothing in texts`() throws {
        let shop = Shop(name: "<&>\"'")
        #expect(
            try TemplateLibrary(page: "<a href={{name}}> {{{name}}} {{t:a}}").renderedText(shop)
                == "<a href=<&>\"'> <&>\"' <a>")
    }

    /// Whatever the data is, the page has the markup of its template and nothing else.
    @Test func `never lets data change the markup`() throws {
        let page = """
            <!-- {{name}} --><p title="{{name}}" class='{{name}}'>{{name}}</p><textarea>{{name}}</textarea>
            <a href="{{name}}">{{name}}</a><a href='/{{name}}?q={{name}}#{{name}}'></a>
            <script type="application/json">{"a":{{name}},"b":"{{name}}"}</script>
            """
        let template = try TemplateLibrary(page: page).page("page", Shop.self)
        let markup = page.split(separator: "{{name}}", omittingEmptySubsequences: false).map(String.init)
        let pieces = [
            "<", ">", "\"", "'", "&", "-", "--", "!", "/", "\\", "</script>", "-->", "javascript:", "\n", "\u{2028}",
            "\0", "ü", "a", " ", "`", "={{name}}",
        ]
        var random = SeededRandom(seed: 42)
        for _ in 0..<1000 {
            let hostile = (0..<Int.random(in: 0..<8, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let out = String(decoding: template.render(Shop(name: hostile), .sample), as: UTF8.self)
            try expectMarkup(markup, in: out, hostile)
        }
    }

    /// The constant parts come in their order, and what stands between them has no byte that ends its context.
    private func expectMarkup(_ markup: [String], in page: String, _ hostile: String) throws {
        var rest = page.unicodeScalars[...]
        for (part, next) in zip(markup, markup.dropFirst()) {
            #expect(rest.starts(with: part.unicodeScalars), "\(hostile)")
            rest = rest.dropFirst(part.unicodeScalars.count)
            let stop = next.unicodeScalars.first ?? "<"
            // Where a quote ends the value, only an escaped quote may stand in it; elsewhere the next tag ends it.
            let isJSONText = part.hasSuffix("\"b\":\"")
            var data = ""
            var isEscaped = false
            while let scalar = rest.first, !(rest.starts(with: next.unicodeScalars) && !isEscaped) {
                isEscaped = isJSONText && scalar == "\\" && !isEscaped
                data.unicodeScalars.append(scalar)
                rest.removeFirst()
            }
            #expect(!data.contains("<") && !data.contains(">"), "\(hostile) gave \(data)")
            if stop == "\"", !isJSONText { #expect(!data.contains("\""), "\(hostile) gave \(data)") }
            if stop == "'" { #expect(!data.contains("'"), "\(hostile) gave \(data)") }
            #expect(!data.contains("--") || !part.hasSuffix("<!-- "), "\(hostile) gave \(data)")
            #expect(
                !data.lowercased().hasPrefix("javascript:") || !part.hasSuffix("<a href=\""), "\(hostile) gave \(data)")
        }
        #expect(String(rest) == markup.last)
    }
}
