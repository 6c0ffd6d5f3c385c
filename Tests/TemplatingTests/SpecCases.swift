import Templating

extension SpecCase {
    static let own = plain + inheritance + indentation + dynamicNames + lambdas

    private static let people = TemplateValue.object([
        "name": .text("Ada & Co"),
        "people": .list([.object(["name": .text("Bo")]), .object([:])]),
        "tags": .list([.text("a"), .integer(2), .decimal(1.5), .flag(true)]),
        "address": .object(["city": .text("Oslo"), "zip": .object(["code": .text("0150")])]),
        "zero": .integer(0), "nothing": .null, "none": .list([]), "empty": .text(""), "yes": .flag(true),
    ])

    private static let plain = [
        SpecCase("a name of an outer value", "{{#people}}[{{name}}]{{/people}}", people, "[Bo][Ada &amp; Co]"),
        SpecCase("plain values in a list", "{{#tags}}({{.}}){{/tags}}", people, "(a)(2)(1.5)(true)"),
        SpecCase("parts of parts", "{{address.zip.code}}{{address.zip.none}}{{zip.code}}", people, "0150"),
        SpecCase(
            "what counts as false",
            "{{#zero}}0{{/zero}}{{#nothing}}n{{/nothing}}{{#none}}l{{/none}}{{#empty}}e{{/empty}}",
            people, ""),
        SpecCase("the opposite", "{{^zero}}0{{/zero}}{{^none}}l{{/none}}{{^yes}}y{{/yes}}", people, "0l"),
        SpecCase(
            "three braces and an ampersand", "{{{name}}} {{&name}} {{name}}", people, "Ada & Co Ada & Co Ada &amp; Co"),
        SpecCase("quotes", "{{q}}", .object(["q": .text("\"'<>")]), "&quot;'&lt;&gt;"),
        SpecCase("a comment over lines", "a\n  {{! b\n c }}\nd", "a\nd"),
        SpecCase(
            "other delimiters in a partial do not stay", "{{>p}}{{name}}", people,
            partials: ["p": "{{=<% %>=}}<%name%>"], "Ada &amp; CoAda &amp; Co"),
        SpecCase("sections alone on their lines", "{{#yes}}\r\n a\r\n{{/yes}}\r\nb", people, " a\r\nb"),
        SpecCase("a colon in a name", "{{t:x}}", .object(["t:x": .integer(1)]), "1"),
        SpecCase(
            "a tree", "{{>node}}",
            .object(["n": .integer(1), "kids": .list([.object(["n": .integer(2), "kids": .list([])])])]),
            partials: ["node": "{{n}}({{#kids}}{{>node}}{{/kids}})"], "1(2())"),
    ]

    private static let inheritance = [
        SpecCase("a default", "{{$a}}x{{b}}{{/a}}", .object(["b": .integer(1)]), "x1"),
        SpecCase("a parent without replacements", "{{<p}}{{/p}}", partials: ["p": "[{{$a}}d{{/a}}]"], "[d]"),
        SpecCase(
            "one of two replaced", "{{<p}}{{$b}}B{{/b}}{{/p}}", partials: ["p": "{{$a}}a{{/a}}{{$b}}b{{/b}}"], "aB"),
        SpecCase(
            "text between replacements is dropped", "{{<p}} x {{$a}}A{{/a}} y {{z}} {{/p}}",
            partials: ["p": "<{{$a}}{{/a}}>"], "<A>"),
        SpecCase(
            "two uses of a parent", "{{<p}}{{$a}}1{{/a}}{{/p}}{{<p}}{{$a}}2{{/a}}{{/p}}",
            partials: ["p": "({{$a}}{{/a}})"], "(1)(2)"),
        SpecCase("no such parent", "a{{<p}}{{$a}}1{{/a}}{{/p}}b", "ab"),
        SpecCase(
            "names of blocks are not names of data", "{{<p}}{{/p}}{{a}}", .object(["a": .text("data")]),
            partials: ["p": "{{$a}}d{{/a}}"], "ddata"),
        SpecCase(
            "the youngest wins over three levels", "{{<p}}{{$a}}c{{/a}}{{/p}}",
            partials: ["p": "{{<q}}{{$a}}p{{/a}}{{/q}}", "q": "{{<r}}{{$a}}q{{/a}}{{/r}}", "r": "{{$a}}r{{/a}}"], "c"),
        SpecCase(
            "the next one where the youngest says nothing", "{{<p}}{{/p}}",
            partials: ["p": "{{<q}}{{$a}}p{{/a}}{{/q}}", "q": "{{<r}}{{$a}}q{{/a}}{{/r}}", "r": "{{$a}}r{{/a}}"], "p"),
        SpecCase(
            "a replacement sees the names of its place", "{{<p}}{{$a}}{{n}}{{/a}}{{/p}}",
            .object(["n": .text("out"), "in": .object(["n": .text("in")])]),
            partials: ["p": "{{#in}}{{$a}}{{/a}}{{/in}}"], "in"),
        SpecCase(
            "parents that include each other", "{{<p}}{{$x}}X{{/x}}{{/p}}",
            partials: [
                "p": "{{$x}}d{{/x}} {{$y}}{{<q}}{{/q}}{{/y}}", "q": "{{$x}}e{{/x}} {{<p}}{{$y}}end{{/y}}{{/p}}",
            ], "X X X end"),
        SpecCase(
            "a replacement inside a replacement belongs to its own parent",
            "{{<page}}{{$main}}{{<card}}{{$title}}C{{/title}}{{/card}}{{/main}}{{$title}}P{{/title}}{{/page}}",
            partials: ["page": "{{$title}}{{/title}}:{{$main}}{{/main}}", "card": "[{{$title}}{{/title}}]"], "P:[C]"),
        SpecCase(
            "a partial of a parent has the parent's blocks", "{{<p}}{{$a}}A{{/a}}{{/p}}",
            partials: ["p": "{{>head}}", "head": "<{{$a}}d{{/a}}>"], "<A>"),
    ]

    private static let indentation = [
        SpecCase(
            "a partial alone on its line", "a\n  {{>p}}\nb", .object(["x": .text("1\n2")]),
            partials: ["p": "<\n{{{x}}}\n>\n"], "a\n  <\n  1\n2\n  >\nb"),
        SpecCase("empty lines stay empty", "  {{>p}}\n", partials: ["p": "a\n\nb\n"], "  a\n\n  b\n"),
        SpecCase("indentations add up", "  {{>p}}\n", partials: ["p": "a\n  {{>q}}\n", "q": "b\n"], "  a\n    b\n"),
        SpecCase(
            "a parent alone on its line", "Hi\n  {{<p}}{{/p}}\n", partials: ["p": "one\ntwo\n"], "Hi\n  one\n  two\n"),
        SpecCase(
            "lines of a replacement keep their ends", "{{<p}}{{$a}}\none\n\ntwo\n{{/a}}{{/p}}",
            partials: ["p": "{{$a}}{{/a}}"], "one\n\ntwo\n"),
        SpecCase(
            "a replacement is indented like its place", "{{<p}}{{$a}}\none\ntwo{{/a}}\n{{/p}}\n",
            partials: ["p": "Hi\n  {{$a}}{{/a}}\n"], "Hi\n  one\n  two\n"),
        SpecCase(
            "its own indentation goes", "{{<p}}{{$a}}\n    one\n      two\n{{/a}}{{/p}}\n",
            partials: ["p": "Hi\n  {{$a}}\n  {{/a}}\n"], "Hi\n  one\n    two\n"),
        SpecCase(
            "the default's indentation counts", "{{<p}}{{$a}}\none\ntwo\n{{/a}}{{/p}}\n",
            partials: ["p": "Hi\n{{$a}}\n  default\n{{/a}}\n"], "Hi\n  one\n  two\n"),
        SpecCase(
            "a tree is indented by its depth", "{{#kid}}\n{{>node}}\n{{/kid}}\n", .object(["kid": chain(3)]),
            partials: ["node": "{{n}}\n{{#kid}}\n {{>node}}\n{{/kid}}\n"], "2\n 1\n  0\n"),
        SpecCase(
            "a layout and its page", "{{<l}}\n{{$t}}T{{/t}}\n{{$m}}\n<p>\n  {{>q}}\n</p>\n{{/m}}\n{{/l}}\n",
            partials: ["l": "<title>{{$t}}{{/t}}</title>\n<main>\n  {{$m}}\n  {{/m}}\n</main>\n", "q": "q\n"],
            "<title>T</title>\n<main>\n  <p>\n    q\n  </p>\n</main>\n"),
    ]

    private static func chain(_ length: Int) -> TemplateValue {
        (0..<length).reduce(.null) { kid, n in .object(["n": .integer(Int64(n)), "kid": kid]) }
    }

    private static let dynamicNames = [
        SpecCase(
            "a name from the data", "{{>*kind}}", .object(["kind": .text("a"), "x": .integer(1)]),
            partials: ["a": "A{{x}}", "b": "B"], "A1"),
        SpecCase(
            "a name that is no template", "[{{>*kind}}{{>*none}}]", .object(["kind": .text("c")]), partials: ["a": "A"],
            "[]"),
        SpecCase(
            "a parent by name", "{{<*k.l}}{{$a}}1{{/a}}{{/*k.l}}", .object(["k": .object(["l": .text("p")])]),
            partials: ["p": "({{$a}}{{/a}})"], "(1)"),
        SpecCase(
            "a name in a list", "{{#all}}{{> * kind }}{{/all}}",
            .object(["all": .list([.object(["kind": .text("a")]), .object(["kind": .text("b")])])]),
            partials: ["a": "A", "b": "B{{>*none}}"], "AB"),
        SpecCase(
            "a star before a name means nothing twice", "[{{>**kind}}{{>*x.*kind}}]",
            .object(["kind": .text("a"), "a": .text("a")]), partials: ["a": "A"], "[]"),
        SpecCase(
            "a name found outside of a section", "{{#in}}{{>*kind}}{{/in}}",
            .object(["kind": .text("a"), "in": .object(["x": .integer(2)])]), partials: ["a": "A{{x}}"], "A2"),
        SpecCase(
            "a tree by name", "{{>*kind}}",
            .object([
                "kind": .text("node"), "n": .integer(1),
                "kid": .object(["kind": .text("leaf"), "n": .integer(2), "kid": .flag(false)]),
            ]),
            partials: ["node": "({{n}}{{#kid}}{{>*kind}}{{/kid}})", "leaf": "{{n}}."], "(12.)"),
        SpecCase(
            "alone on its line", "  {{>*kind}}\n", .object(["kind": .text("a")]), partials: ["a": "1\n2\n"],
            "  1\n  2\n"),
    ]
}
