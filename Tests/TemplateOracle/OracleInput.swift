import Core
import Templating

/// Bytes as templates and data: a page, two others and lines of data, each after a line of four dashes.
struct OracleInput {
    let page: String
    let library: TemplateLibrary
    /// Never empty, as the harmless ones are not: whether a text is there is not what is asked.
    let texts: [String]

    static let harmlessTexts = ["x", "x"]
    static let context = RenderContext(words: OracleWords(), zone: "UTC", now: Timestamp(milliseconds: 0))

    init(_ bytes: [UInt8]) {
        // The other reader takes a NUL for the end.
        let text = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
        let parts = text.split(separator: "\n----\n", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        func part(_ index: Int) -> String { parts.indices.contains(index) ? parts[index] : "" }
        page = part(0)
        library = TemplateLibrary(
            sources: zip(["page", "part", "parent"], [part(0), part(1), part(2)]).map { name, text in
                TemplateSource(name: name, file: name, text: text)
            },
            helpers: [TemplateHelper("wrap") { "<b>\($0)</b>" }], asset: { "/" + $0 })
        let lines = part(3).split(separator: "\n").map(String.init)
        texts = [lines.first ?? "\"'><b onclick=x>-->", lines.dropFirst().first ?? "javascript:alert(1)"]
    }

    var harmless: TemplateValue { Self.data(Self.harmlessTexts) }
    var hostile: TemplateValue { Self.data(texts) }

    private static func data(_ texts: [String]) -> TemplateValue {
        let inner: [String: TemplateValue] = ["a": .text(texts[1]), "n": .integer(-5)]
        return .object([
            "a": .text(texts[0]), "b": .text(texts[1]), "n": .integer(7), "flag": .flag(true), "kind": .text("part"),
            "none": .null, "one": .object(inner), "list": .list([.object(inner), .object(["b": .text(texts[0])])]),
            "texts": .list(texts.map(TemplateValue.text)), "d": .decimal(1.5),
        ])
    }
}

/// The same data with declared fields.
struct OracleModel: TemplateModel {
    struct Part: TemplateModel {
        let a: String
        static let fields: [Field<Self>] = [.text("a") { $0.a }, .integer("n") { _ in -5 }]
    }

    let texts: [String]

    init(_ texts: [String]) { self.texts = texts }

    static let fields: [Field<Self>] = [
        .text("a") { $0.texts[0] }, .text("b") { $0.texts[1] }, .integer("n") { _ in 7 }, .flag("flag") { _ in true },
        .text("kind") { _ in "part" }, .text("none") { _ in nil }, .texts("texts") { $0.texts },
        .object("one", Part.self) { Part(a: $0.texts[1]) },
        .list("list", Part.self) { $0.texts.map(Part.init) },
        .money("m") { _ in Money(minorUnits: 5, currency: "USD") },
        .time("at") { _ in Timestamp(milliseconds: 0) }, .word("w") { Word("w", ["a": .text($0.texts[0])]) },
        .html("html") { _ in SafeHTML(constant: "<i>i</i>") },
    ]
}

/// Words that say what they are given, as a catalogue's do.
private struct OracleWords: TemplateWords {
    var language: String { "en" }
    func has(_ key: String) -> Bool { true }

    func text(_ key: String, _ arguments: [String: WordArgument]) -> String {
        arguments.values.reduce(into: "word ") { text, argument in
            if case .text(let value) = argument { text += value }
        }
    }

    func number(_ number: Int64) -> String { String(number) }
    func money(_ money: Money) -> String { money.amount }
    func date(_ time: Timestamp, zone: String) -> String { "date" }
    func time(_ time: Timestamp, zone: String) -> String { "time" }
    func dateTime(_ time: Timestamp, zone: String) -> String { "datetime" }
    func relative(_ time: Timestamp, now: Timestamp) -> String { "ago" }
}
