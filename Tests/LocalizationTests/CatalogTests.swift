import Testing

@testable import Localization

@Suite struct `A catalogue` {
    private static let english = """
        msgid "hello"
        msgstr "Hello {name}, \\\\{you}"
        msgid "only.english"
        msgstr "Only English"
        msgid "orders.count"
        msgid_plural "orders.count"
        msgstr[0] "{count} order"
        msgstr[1] "{count} orders"

        """

    private static func load(_ files: [String: String]) throws -> Catalog {
        let folder = try Folder()
        for (name, messages) in files { try folder.write(name, messages) }
        return try withExtendedLifetime(folder) { try Catalog.load(folder.path) }
    }

    @Test func `fills named arguments and keeps an escaped brace`() throws {
        let words = try Self.load(["en.po": Self.english]).words(for: "en")
        #expect(words.text("hello", ["name": .text("Ada")]) == "Hello Ada, {you}")
        #expect(words.text("hello") == "Hello {name}, {you}")
        #expect(words.text("no.such.word") == "no.such.word")
    }

    @Test(arguments: [
        ("en", 1, "1 order"), ("en", 0, "0 orders"), ("en", 1234, "1,234 orders"), ("ja", 1, "注文1件"),
        ("ja", 5, "注文5件"), ("pl", 1, "1 zamówienie"), ("pl", 2, "2 zamówienia"), ("pl", 5, "5 zamówień"),
        ("pl", 22, "22 zamówienia"), ("pl", 112, "112 zamówień"), ("ar", 0, "zero ٠"), ("ar", 1, "one ١"),
        ("ar", 2, "two ٢"), ("ar", 3, "few ٣"), ("ar", 11, "many ١١"), ("ar", 100, "other ١٠٠"),
    ])
    func `counts as the language counts`(locale: String, count: Int, text: String) throws {
        func plural(_ forms: [String]) -> String {
            "msgid \"orders.count\"\nmsgid_plural \"orders.count\"\n"
                + forms.enumerated().map { "msgstr[\($0)] \"\($1)\"\n" }.joined()
        }
        let catalog = try Self.load([
            "en.po": Self.english,
            "ja.po": plural(["注文{count}件"]),
            "pl.po": plural([
                "{count} zamówienie", "{count} zamówienia", "{count} zamówień", "{count} zamówienia",
            ]),
            "ar.po": plural(["zero", "one", "two", "few", "many", "other"].map { "\($0) {count}" }),
        ])
        #expect(catalog.words(for: locale).text("orders.count", ["count": .number(count)]) == text)
    }

    @Test func `falls back from region to language to English, word by word`() throws {
        let catalog = try Self.load([
            "en.po": Self.english,
            "pt.po": "msgid \"hello\"\nmsgstr \"Olá {name}\"\n",
            "pt_BR.po": "msgid \"hello\"\nmsgstr \"Oi {name}\"\n",
        ])
        let ada: [String: Words.Argument] = ["name": .text("Ada")]
        #expect(catalog.available == ["en", "pt", "pt-BR"])
        #expect(catalog.words(for: "pt_BR").text("hello", ada) == "Oi Ada")
        #expect(catalog.words(for: "pt-PT").text("hello", ada) == "Olá Ada")
        #expect(catalog.words(for: "pt-PT").text("only.english") == "Only English")
        #expect(catalog.words(for: "pt-BR").text("orders.count", ["count": .number(1)]) == "1 order")
        #expect(catalog.words(for: "fr").text("hello", ada) == "Hello Ada, {you}")
        #expect(catalog.words(for: "fr").language.description == "en")
        #expect(catalog.words(for: "nonsense!").language.description == "en")
    }

    @Test func `leaves out fuzzy and empty translations`() throws {
        let catalog = try Self.load([
            "en.po": Self.english,
            "de.po": "#, fuzzy\nmsgid \"hello\"\nmsgstr \"Hallo\"\nmsgid \"only.english\"\nmsgstr \"\"\n",
        ])
        #expect(catalog.words(for: "de").text("hello", ["name": .text("Ada")]) == "Hello Ada, {you}")
        #expect(catalog.words(for: "de").text("only.english") == "Only English")
    }

    @Test func `names the place that asks for a word it does not have`() throws {
        let catalog = try Self.load(["en.po": Self.english])
        try catalog.require("hello", file: "a.mustache", line: 7)
        #expect(catalog.arguments(of: "hello") == ["name"])
        let error = #expect(throws: LocalizationError.self) {
            try catalog.require("helo", file: "a.mustache", line: 7)
        }
        #expect(error?.description == "a.mustache:7: en.po has no word helo")
    }

    @Test(arguments: [
        ("msgid \"a\"\nmsgstr \"b\n", "en.po:5: end-of-line within string"),
        ("msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n", "en.po:6: duplicate"),
        ("msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"c\"\nmsgstr \"\"\n", "en.po:6: c has no text"),
        ("msgid \"a\"\nmsgstr \"{b\"\n", "en.po:3: a: a brace"),
        ("msgid \"a\"\nmsgstr \"{b c}\"\n", "en.po:3: a: a brace"),
        (
            "msgid \"a\"\nmsgid_plural \"a\"\nmsgstr[0] \"b\"\n",
            "en.po:3: a has 1 forms, the language counts one, other"
        ),
    ])
    func `tells file and line of a broken base`(messages: String, problem: String) {
        let error = #expect(throws: LocalizationError.self) { try Self.load(["en.po": messages]) }
        #expect(error?.description.contains("/" + problem) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("msgid \"nowhere\"\nmsgstr \"x\"\n", "de.po:3: nowhere does not exist in en.po"),
        ("msgid \"hello\"\nmsgstr \"Hallo {nama}\"\n", "de.po:3: hello is not given {nama}"),
        ("msgid \"orders.count\"\nmsgstr \"x\"\n", "de.po:3: orders.count counts in en.po"),
    ])
    func `holds a translation against the base`(messages: String, problem: String) {
        let error = #expect(throws: LocalizationError.self) {
            try Self.load(["en.po": Self.english, "de.po": messages])
        }
        #expect(error?.description.hasSuffix("/" + problem) == true, "\(error?.description ?? "")")
    }

    @Test func `cannot start without English`() throws {
        #expect(throws: LocalizationError.self) { try Self.load(["de.po": ""]) }
        #expect(throws: LocalizationError.self) { try Catalog.load("no/such/folder") }
    }

    @Test func `knows where a line begins`() throws {
        let catalog = try Self.load([
            "en.po": Self.english, "ar.po": "msgid \"only.english\"\nmsgstr \"x\"\n",
        ])
        #expect(catalog.words(for: "ar-EG").direction == .rightToLeft)
        #expect(catalog.words(for: "he").direction == .leftToRight, "no words of its own, so English")
        #expect(LocaleTag("he").direction == .rightToLeft)
    }

    @Test func `marks every text of the pseudo-locale and keeps what is filled in`() throws {
        let words = try Self.load(["en.po": Self.english]).pseudo().words(for: "de")
        #expect(words.text("hello", ["name": .text("Ada")]) == "⟦Ĥéłłó Ada, {ýóú}⟧")
        #expect(words.text("orders.count", ["count": .number(2)]) == "⟦2 óřđéřš⟧")
    }
}

@Suite struct `The catalogues that are shipped` {
    @Test func `can be used`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let catalog = try Catalog.load("/\(root)/Locales")
        #expect(catalog.words(for: "en").text("app.name") == "Cartwright")
    }
}
