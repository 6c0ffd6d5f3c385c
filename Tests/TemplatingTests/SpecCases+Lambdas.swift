import Synchronization
import Templating

/// Lambdas of the language, as declared helpers.
extension SpecCase {
    static let lambdas = [
        lambda("a value", "Hello, {{who}}!", "Hello, Bo!") { [TemplateHelper("who") { _ in "Bo" }] },
        lambda("a value that is a template", "Hello, {{who}}!", "Hello, Mars!") {
            [TemplateHelper("who") { _ in "{{planet}}" }]
        },
        lambda("a value has the usual delimiters", "{{=| |=}}(|&who|)", "(|planet| is Mars)") {
            [TemplateHelper("who") { _ in "|planet| is {{planet}}" }]
        },
        lambda("a value is asked for each time", "{{n}} {{{n}}} {{n}}", "1 2 3") { [counter("n")] },
        lambda("a value is escaped", "{{b}} {{{b}}} {{&b}}", "&lt;b&gt; <b> <b>") {
            [TemplateHelper("b") { _ in "<b>" }]
        },
        lambda("a section is given as it is written", "{{#is}}{{x}}{{/is}}", "yes") {
            [TemplateHelper("is") { $0 == "{{x}}" ? "yes" : "no" }]
        },
        lambda("a section makes a template", "{{#twice}}-{{/twice}}", "-Mars-") {
            [TemplateHelper("twice") { $0 + "{{planet}}" + $0 }]
        },
        lambda("a section keeps its delimiters", "{{=| |=}}|#twice|-|/twice|", "-{{planet}} is Mars-") {
            [TemplateHelper("twice") { $0 + "{{planet}} is |planet|" + $0 }]
        },
        lambda("a section is asked for each time", "{{#u}}a{{/u}} {{#u}}b{{/u}}", "_a_ _b_") {
            [TemplateHelper("u") { "_\($0)_" }]
        },
        lambda("the opposite of one is never there", "<{{^u}}{{planet}}{{/u}}>", "<>") {
            [TemplateHelper("u") { _ in "" }]
        },
        lambda("one in another", "{{#u}}a{{#v}}b{{/v}}{{/u}}", "_a(b)_") {
            [TemplateHelper("u") { "_\($0)_" }, TemplateHelper("v") { "(\($0))" }]
        },
        lambda("one makes sections", "{{#u}}{{.}}{{/u}}", "1,2,") {
            [TemplateHelper("u") { "{{#list}}\($0),{{/list}}" }]
        },
        lambda("lines of one stay lines", "a\n{{#u}}\n  {{planet}}\n{{/u}}\nb\n", "a\n<\n  Mars\n>\nb\n") {
            [TemplateHelper("u") { "<\n\($0)>\n" }]
        },
        SpecCase(
            "one in a partial is indented with it", "  {{>p}}\n", planet, partials: ["p": "{{#u}}\na\nb\n{{/u}}\n"],
            helpers: { [TemplateHelper("u") { $0 }] }, "  a\n  b\n"),
        SpecCase(
            "one brings blocks", "{{#u}}x{{/u}} {{#u}}y{{/u}}", planet, partials: ["p": "({{$a}}{{/a}})"],
            helpers: { [TemplateHelper("u") { "{{<p}}{{$a}}\($0){{/a}}{{/p}}" }] }, "(x) (y)"),
    ]

    private static let planet = TemplateValue.object([
        "planet": .text("Mars"), "list": .list([.integer(1), .integer(2)]),
    ])

    private static func lambda(
        _ name: String, _ template: String, _ expected: String, helpers: @escaping @Sendable () -> [TemplateHelper]
    ) -> SpecCase {
        SpecCase(name, template, planet, helpers: helpers, expected)
    }

    private static func counter(_ name: String) -> TemplateHelper {
        let count = Atomic(0)
        return TemplateHelper(name) { _ in String(count.add(1, ordering: .relaxed).newValue) }
    }
}
