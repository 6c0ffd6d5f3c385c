import Templating
import Testing

/// Places where data would be code, or could become it: none of these compiles.
@Suite struct `A place where nothing is safe` {
    @Test(arguments: [
        // Names and values without quotes.
        "<{{name}}>", "<a {{name}}>", "<a {{name}}=x>", "<a x{{name}}=\"\">", "<a href={{name}}>", "<a href=/{{name}}>",
        "<a title=x{{name}}>", "<a title= {{name}} >", "<p {{#isOpen}}on{{/isOpen}}click=\"{{name}}\">",
        // Attributes that are code, styles or documents.
        "<p onclick=\"{{name}}\">", "<p ONCLICK='{{name}}'>", "<svg/onload=\"{{name}}\">", "<p style=\"{{name}}\">",
        "<p style=\"color: {{name}}\">", "<img srcset=\"{{name}} 2x\">", "<link imagesrcset=\"{{name}}\">",
        "<iframe srcdoc=\"{{name}}\">", "<meta charset=\"{{name}}\">", "<script charset='{{name}}' src=\"/a.js\">",
        // What the page loads into itself.
        "<base href=\"{{name}}\">", "<base href=\"https://{{name}}/\">", "<script src=\"{{name}}\">",
        "<script src=\"//{{name}}/a.js\">", "<script src=\"https://{{name}}/a.js\">", "<script src=\"/{{name}}.js\">",
        "<script src=\"{{url:/{a}.js a=name}}\">", "<script src=\"{{t:known}}\">", "<embed src=\"/{{name}}\">",
        "<object data=\"{{name}}\">", "<link rel=stylesheet href=\"{{name}}\">", "<svg><script href=\"{{name}}\">",
        "<svg><script xlink:href='{{name}}'>", "<applet code=\"{{name}}\">",
        // Orders to the browser.
        "<meta http-equiv=\"refresh\" content=\"0;url={{name}}\">", "<meta http-equiv=refresh content='{{name}}'>",
        "<meta content=\"{{name}}\" http-equiv=\"refresh\">", "<meta http-equiv=\"{{name}}\" content=\"0\">",
        "<meta{{#isOpen}} http-equiv=\"refresh\"{{/isOpen}} content=\"{{name}}\">",
        // Schemes, put together or hidden in references.
        "<a href=\"javascript:{{name}}\">", "<a href=\"java\tscript:{{name}}\">", "<a href=\" javascript:{{name}}\">",
        "<a href=\"\u{1}javascript:{{name}}\">", "<a href=\"data:{{name}}\">", "<a href=\"vbscript:{{name}}\">",
        "<a href=\"javascript&colon;{{name}}\">", "<a href=\"javascript&#58;{{name}}\">",
        "<a href=\"&#106;avascript:{{name}}\">", "<a href=\"{{name}}:x\">", "<a href=\"{{name}}&colon;x\">",
        "<a href=\"{{name}}script:x\">", "<form action=\"javascript:{{name}}\">", "<a data-url=\"data:{{name}}\">",
        // SVG and MathML.
        "<svg><animate attributeName=\"href\" values=\"{{name}}\">", "<svg><set to=\"{{name}}\">",
        "<svg><style>{{name}}</style>", "<svg><script>{{name}}</script>",
        "<svg><title><a href=\"{{name}}\"></title></svg>", "<svg><textarea><a title='{{name}}'></textarea></svg>",
        "<math><mtext><style><a title=\"{{name}}\"></style>", "<math href=\"javascript:{{name}}\">",
        "<svg><![CDATA[{{name}}]]></svg>", "<svg><![CDATA[<a href=\"]]><a href=\"{{name}}\">",
        // Text that is not markup.
        "<script>var x = {{name}}</script>", "<script>var x = \"{{name}}\"</script>", "<style>{{name}}</style>",
        "<script type=\"module\">{{name}}</script>", "<script type=\"importmap\">{{name}}</script>",
        "<script type=\"{{name}}\">x</script>", "<script type type=\"application/json\">{{name}}</script>",
        "<script type=module type=\"application/json\">{{name}}</script>",
        "<script type=\"application&#47;json\">{{name}}</script>",
        "<script{{#isOpen}} type=\"application/json\"{{/isOpen}}>{{name}}</script>",
        "<script type='application/json'><!--{{name}}</script>", "<script><!-- <script> </script>{{name}}</script>",
        "<script type='application/json'>\"\\{{name}}\"</script>", "<iframe>{{name}}</iframe>", "<xmp>{{name}}</xmp>",
        "<noembed>{{name}}</noembed>", "<noframes>{{name}}</noframes>", "<plaintext>{{name}}",
        "<plaintext></plaintext>",
        "<textarea><b title=\"{{name}}\"></textarea>", "<title><!-- {{name}} --></title>",
        // Comments and declarations.
        "<!--{{name}}-->", "<!---{{name}}-->", "<!-- -{{name}}-->", "<!-- --{{name}}-->", "<!-- --!{{name}}-->",
        "<!{{name}}>", "<!doctype {{name}}>", "<?xml {{name}}?>", "</p {{name}}>", "</ {{name}}>",
    ])
    func `is refused`(template: String) {
        let library = TemplateLibrary(page: template, words: EchoWords(known: ["known"]))
        let error = #expect(throws: TemplateError.self) { try library.page("page", Shop.self) }
        #expect(error?.kind == .context, "\(error?.description ?? "")")
        #expect(throws: TemplateError.self) { try library.untyped("page", .page) }
    }
}

/// What hostile data becomes at the places where data may stand.
@Suite struct `Hostile data` {
    /// Template, data, page.
    @Test(arguments: [
        ("<p>{{name}}</p>", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<p>{{name}}</p>", "+ADw-script+AD4-", "<p>+ADw-script+AD4-</p>"),
        ("<p>{{name}}</p>", "&lt;b&gt; &#60;", "<p>&amp;lt;b&amp;gt; &amp;#60;</p>"),
        ("<p>&{{name}}</p>", "lt;b>", "<p>&lt;b&gt;</p>"),
        ("<p title=\"{{name}}\">", "\" onclick=\"x", "<p title=\"&quot; onclick=&quot;x\">"),
        ("<p title='{{name}}'>", "' onclick='x", "<p title='&#39; onclick=&#39;x'>"),
        ("<noscript>{{name}}</noscript>", "</noscript><b>", "<noscript>&lt;/noscript&gt;&lt;b&gt;</noscript>"),
        ("<template>{{name}}</template>", "</template><b>", "<template>&lt;/template&gt;&lt;b&gt;</template>"),
        ("<svg><title>{{name}}</title></svg>", "</title><b>", "<svg><title>&lt;/title&gt;&lt;b&gt;</title></svg>"),
        ("<svg><text fill=\"{{name}}\">", "\"><b>", "<svg><text fill=\"&quot;&gt;&lt;b&gt;\">"),
        ("<math><mi>{{name}}</mi></math>", "<b>", "<math><mi>&lt;b&gt;</mi></math>"),
        ("<select><option value=\"{{name}}\">", "\"><b>", "<select><option value=\"&quot;&gt;&lt;b&gt;\">"),
        ("<!-- {{name}} -->", "--><b>", "<!-- &#45;&#45;&gt;&lt;b&gt; -->"),
        ("<!-- {{name}} -->", "--!><b>", "<!-- &#45;&#45;!&gt;&lt;b&gt; -->"),
        ("<!-- x{{name}}> -->", "--", "<!-- x&#45;&#45;> -->"),
        ("<!--!>{{name}} -->", "-->", "<!--!>&#45;&#45;&gt; -->"),
        ("<a href=\"{{name}}\">", "java\tscript:alert(1)", "<a href=\"about:invalid\">"),
        ("<a href=\"{{name}}\">", "javascript&colon;alert(1)", "<a href=\"javascript&amp;colon;alert(1)\">"),
        ("<a href=\"{{name}}\">", "JAVASCRIPT:alert(1)", "<a href=\"about:invalid\">"),
        ("<a href=\"{{name}}\">", "data:text/html;base64,x", "<a href=\"about:invalid\">"),
        ("<a href=\"{{name}}\">", "x:javascript:1", "<a href=\"about:invalid\">"),
        ("<svg><a xlink:href=\"{{name}}\">", "javascript:1", "<svg><a xlink:href=\"about:invalid\">"),
        ("<svg><use href=\"{{name}}\">", "data:image/svg+xml,x", "<svg><use href=\"about:invalid\">"),
        ("<math href=\"{{name}}\">", "javascript:1", "<math href=\"about:invalid\">"),
        ("<iframe src=\"{{name}}\"></iframe>", "javascript:1", "<iframe src=\"about:invalid\"></iframe>"),
        ("<form action=\"{{name}}\">", "javascript:1", "<form action=\"about:invalid\">"),
        ("<button formaction='{{name}}'>", "javascript:1", "<button formaction='about:invalid'>"),
        ("<video poster=\"{{name}}\">", "javascript:1", "<video poster=\"about:invalid\">"),
        ("<p data-image-url=\"{{name}}\">", "javascript:1", "<p data-image-url=\"about:invalid\">"),
        ("<a href=\"/a?next={{name}}\">", "&x=1#y", "<a href=\"/a?next=%26x%3D1%23y\">"),
        ("<a href=\"/a/{{name}}\">", "../b?c", "<a href=\"/a/..%2Fb%3Fc\">"),
        ("<a href=\"{{url:/a/{x}/b x=name}}\">", "..", "<a href=\"/a/-/b\">"),
        ("<a href=\"{{url:/{x}/b.example x=name}}\">", "", "<a href=\"/-/b.example\">"),
        (
            "<meta name=\"description\" content=\"{{name}}\">", "\">",
            "<meta name=\"description\" content=\"&quot;&gt;\">"
        ),
        (
            "<script type='application/json'>{{name}}</script>", "</script><!--<script>",
            "<script type='application/json'>\"\\u003c/script\\u003e\\u003c!--\\u003cscript\\u003e\"</script>"
        ),
        (
            "<script type='application/ld+json'>{\"a\": \"{{name}}\"}</script>", "\"}\\",
            "<script type='application/ld+json'>{\"a\": \"\\\"}\\\\\"}</script>"
        ),
    ])
    func `stays data`(template: String, data: String, expected: String) throws {
        #expect(try TemplateLibrary(page: template).rendered(Shop(name: data)) == expected)
    }
}
