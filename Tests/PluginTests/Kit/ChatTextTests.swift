import PluginKit
import Testing

@Suite struct `A chat's text` {
    typealias Run = ChatText.Run

    @Test(arguments: [
        ("", []),
        ("Hello Ada", [Run("Hello Ada")]),
        ("*Order 1042* is paid", [Run("Order 1042", [.bold]), Run(" is paid")]),
        ("_soon_ and ~never~", [Run("soon", [.italic]), Run(" and "), Run("never", [.strike])]),
        ("*a _b_ c*", [Run("a ", [.bold]), Run("b", [.bold, .italic]), Run(" c", [.bold])]),
        ("```x *y*\nz```!", [Run("x *y*\nz", [.mono]), Run("!")]),
        (
            "see https://shop.example/a_b_c?x=1.",
            [
                Run("see "), Run("https://shop.example/a_b_c?x=1", [.link]), Run("."),
            ]
        ),
        ("*https://shop.example/*", [Run("https://shop.example/", [.bold, .link])]),
        ("line *one\ntwo* end", [Run("line *one\ntwo* end")]),
    ])
    func `is shown by the marks in it`(text: String, runs: [Run]) {
        #expect(ChatText.runs(text) == runs)
    }

    @Test(arguments: [
        "2*3*4", "snake_case_name", "* a point", "a * b * c", "**", "*open", "``` ```", "``````", "https://", "a~b~",
    ])
    func `keeps marks that mark nothing`(text: String) {
        #expect(ChatText.runs(text).map(\.text).joined() == (text == "``` ```" ? " " : text))
    }
}
