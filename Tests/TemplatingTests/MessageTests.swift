import Templating
import Testing

@Suite struct `A message` {
    private static let known: Set = ["first_name", "order_number", "note"]

    @Test(
        arguments: [
            ("Hello {first_name|there}!", ["first_name": "Ada"], "Hello Ada!"),
            ("Hello {first_name|there}!", [:], "Hello there!"),
            ("Hello {first_name|there}!", ["first_name": ""], "Hello there!"), ("{note|}x", [:], "x"),
            (
                "{note}{note}", ["note": "<&>\"' {first_name} {{note}}"],
                "<&>\"' {first_name} {{note}}<&>\"' {first_name} {{note}}"
            ),
            (#"\{note\} C:\dir \\{note}"#, ["note": "n"], #"{note} C:\dir \{note}"#),
            (#"{note|a \} b|c}"#, [:], "a } b|c"),
            ("no values } here", [:], "no values } here"), ("", [:], ""), ("{{note}}", [:], nil),
            ("ü\n{order_number}", ["order_number": "ü"], "ü\nü"),
        ] as [(String, [String: String], String?)])
    func `is filled in`(text: String, values: [String: String], expected: String?) throws {
        let message = try? MessageTemplate(text, known: Self.known)
        #expect(message?.render(values).text == expected)
    }

    @Test func `says which values are missing`() throws {
        let message = try MessageTemplate("{first_name|there} {order_number} {note} {note|x}", known: Self.known)
        #expect(message.names == ["first_name", "order_number", "note"])
        #expect(message.render(["order_number": "7"]).missing == ["note"])
    }

    @Test(arguments: [
        ("a\n {firstname}", 2, 2, "no `{firstname}`; there are {first_name} {note} {order_number}"),
        ("{}", 1, 1, "no `{}`"),
        ("{ note }", 1, 1, "no `{ note }`"), ("x {note", 1, 3, "not closed"), ("{note|x", 1, 1, "not closed"),
        ("{", 1, 1, "not closed"),
    ])
    func `is refused with its mistake`(text: String, line: Int, column: Int, says: String) throws {
        let error = try #require(throws: TemplateError.self) { try MessageTemplate(text, known: Self.known) }
        #expect((error.line, error.column) == (line, column))
        #expect(error.message.contains(says), "\(error)")
    }
}
