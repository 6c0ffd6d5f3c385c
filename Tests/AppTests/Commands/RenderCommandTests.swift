import TestSupport
import Testing

/// `cartwright render`: exactly the bytes, or one line that says where the mistake is.
@Suite struct `The render command` {
    let bench: CommandBench

    init() throws { bench = try CommandBench() }

    private func render(_ template: String, _ data: String, _ arguments: String...) throws -> CommandBench.Run {
        let template = try bench.folder.write("t.mustache", template)
        let data = try bench.folder.write("d.json", data)
        return bench.run(["render", template, data] + arguments, withData: false)
    }

    @Test func `writes the bytes of the result and nothing else`() throws {
        let run = try render(
            "{{#items}}{{n}}: {{{name}}}, {{/items}}é", #"{"items":[{"n":1.5,"name":"<b>"},{"n":2,"name":"&"}]}"#)
        #expect(run.status == 0)
        #expect(run.output == "1.5: <b>, 2: &, é")
        #expect(run.errors.isEmpty)
    }

    @Test func `takes partials from their folder, and never the template itself for one`() throws {
        let folder = try TemporaryFolder()
        try folder.write("greeting.mustache", "Hello {{name}}")
        let run = try render("[{{>greeting}}] [{{>t}}]", #"{"name":"Ana"}"#, "--partials", folder.path)
        #expect(run.output == "[Hello Ana] []")
    }

    @Test(arguments: [
        ("{{#a}}\n  {{b", 2, 3), ("one\ntwo {{/a}}", 2, 5), ("{{#a}}", 1, 1),
    ])
    func `says file, line and column of a mistake`(template: String, line: Int, column: Int) throws {
        let run = try render(template, "{}")
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("\(bench.folder.file("t.mustache")):\(line):\(column): "), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test func `escapes for its place in page mode, and not at all in text mode`() throws {
        let template = #"<a href="{{link}}">{{name}}</a>"#
        let data = #"{"link":"javascript:alert(1)","name":"<b>"}"#
        let page = try render(template, data, "--mode", "page").output
        #expect(page.contains("&lt;b&gt;") && !page.contains("javascript:"))
        #expect(try render("{{name}}", data, "--mode", "text").output == "<b>")
    }

    @Test func `says what is wrong with the data, or with a file that is not there`() throws {
        let bad = try render("x", "{\"a\":}")
        #expect(bad.status == 1)
        #expect(bad.errors.hasPrefix("cartwright: \(bench.folder.file("d.json")): "))
        let absent = bench.run(["render", "/nowhere/t.mustache", "/nowhere/d.json"], withData: false)
        #expect(absent.status == 1)
        #expect(absent.errors == "cartwright: /nowhere/t.mustache: No such file or directory\n")
    }
}
