import TestSupport
import Testing

@Suite struct `The house` {
    @Test func `keeps its own rules`() throws {
        let files = try Repository.sourceFiles()
        #expect(files.contains { $0.path == "Sources/Core/Money.swift" })
        let violations = files.flatMap(Rule.violations)
        #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
    }

    /// Each line breaks exactly the rule it stands for, at the line given.
    @Test(arguments: [
        ("Sources/Core/A.swift", "import Glibc\nimport SQL\n", 2, "may not import SQL"),
        ("Sources/SQL/A.swift", "package import Database", 1, "may not import Database"),
        ("Sources/Text/A.swift", "@preconcurrency import HTTP", 1, "may not import HTTP"),
        ("Sources/Localization/A.swift", "import Templating", 1, "may not import Templating"),
        ("Sources/Crypto/A.swift", "import HTTP", 1, "may not import HTTP"),
        ("Sources/Domain/A.swift", "internal import Store", 1, "may not import Store"),
        ("Sources/PluginKit/A.swift", "import Store", 1, "may not import Store"),
        ("Sources/Store/A.swift", "import PluginKit", 1, "may not import PluginKit"),
        ("Sources/App/A.swift", "import WooCommerce", 1, "may not import WooCommerce"),
        ("Sources/App/A.swift", "import Foundation", 1, "may not import Foundation"),
        ("Sources/App/A.swift", "import struct Foundation.Date", 1, "may not import Foundation"),
        ("Sources/Store/A.swift", "import CDatabase", 1, "may not import CDatabase"),
        ("Sources/Plugins/Sandbox/A.swift", "import Store", 1, "may not import Store"),
        ("Sources/Plugins/Sandbox/A.swift", "import Database", 1, "may not import Database"),
        ("Sources/Plugins/Sandbox/A.swift", "import MetaCloudAPI", 1, "may not import MetaCloudAPI"),
        ("Sources/Plugins/Sandbox/A.swift", "import CNet", 1, "may not import CNet"),
        ("Sources/Core/A.swift", "\n\npublic struct A {}", 3, "public : use package access"),
        ("Sources/Core/A.swift", "let a = b ?? fatalError(\"no\")", 1, "fatalError(: throw an error"),
        ("Sources/Core/A.swift", "let a = try! b()", 1, "try!: handle the error"),
        ("Sources/Core/A.swift", "let a = b as! C", 1, "as!: use as?"),
        ("Sources/Core/A.swift", "let a = \"\\(b as! C)\"", 1, "as!: use as?"),
        ("Sources/Core/A.swift", String(repeating: "\n", count: 501), 501, "501 lines"),
        ("Sources/CText/A.cpp", String(repeating: "\n", count: 501), 501, "501 lines"),
        ("Sources/Utilities/A.swift", "", 1, "belongs to no target"),
        ("Sources/Plugins/A.swift", "", 1, "belongs to no target"),
        ("Tests/CoreTests/A.swift", "try await Task.sleep(for: .seconds(1))", 1, "Task.sleep: wait for"),
        ("Tests/CoreTests/A.swift", "usleep(100)", 1, "usleep(: wait for"),
        ("Tests/CoreTests/A.swift", "let a = \"/" + "home/someone/data\"", 1, "names a path of one machine"),
        (
            "Templates/a.mustache", "{{! Note }}\n<p class=\"x\">{{t:a.b}}, or not</p>", 2,
            "shows a text of its own: , or"
        ),
        ("Templates/a.mustache", "<br>\n\n<img alt=\"A cart\">", 3, "shows a text of its own: A cart"),
    ])
    func `names file and line of a broken rule`(path: String, text: String, line: Int, message: String) throws {
        let violations = Rule.violations(in: SourceFile(path: path, text: text))
        let violation = try #require(violations.first)
        #expect(violations.count == 1)
        #expect(violation.path == path)
        #expect(violation.line == line)
        #expect(violation.message.hasPrefix(message))
    }

    @Test(arguments: [
        ("Sources/HTTP/A.swift", "import CNet\npackage import Core\nimport Crypto\nimport Synchronization"),
        ("Sources/Templating/A.swift", "package import Localization"),
        ("Sources/Messaging/A.swift", "import PluginKit\nimport Store\nimport Database"),
        ("Sources/Plugins/Sandbox/A.swift", "import PluginKit\nimport HTTP\nimport Text"),
        ("Sources/cartwright/A.swift", "import App\nimport WooCommerce"),
        ("Sources/Core/A.swift", "// import SQL\n/* public /* try! */ */ let a = #\"try! \"public \"#\n"),
        ("Sources/Core/A.swift", "let a = \"\"\"\n  import SQL\n  \\\"\"\" public b\n  \"\"\"\n"),
        ("Sources/Core/A.swift", "route(.public , myfatalError(1), access: .public, public: true)"),
        ("Sources/Core/A.swift", String(repeating: "\n", count: 500)),
        ("Templates/a.mustache", "{{! Note\n }}<p title='{{t:a.b}}'>{{#a}}{{b}}{{/a}} · &nbsp;1</p><script>x</script>"),
        ("Tests/CoreTests/A.swift", "@testable import Database\nlet important = true"),
    ])
    func `lets good code pass`(path: String, text: String) {
        #expect(Rule.violations(in: SourceFile(path: path, text: text)).isEmpty)
    }

    @Test func `gives each door to C one importer that stands in the table`() {
        let names = House.layers.reduce(into: Set<String>()) { $0.formUnion($1) }
        #expect(Set(House.doors.values).count == House.doors.count)
        #expect(House.doors.values.allSatisfy(names.contains))
    }

    /// Of a key that is put together at run time the written part, up to its last dot, must begin some word.
    @Test func `names no word that the catalogue does not have`() throws {
        let words = try Repository.words()
        let named = try Repository.sourceFiles().filter { !$0.path.hasPrefix("Tests/") }.flatMap { file in
            (file.text.matches(of: /\{\{t:([a-z0-9_.-]+)/) + file.text.matches(of: /\bWord\("([a-z0-9_.-]+)"/)).map {
                (key: String($0.1), path: file.path)
            }
        }
        let missing = named.filter { name in
            name.key.hasSuffix(".") ? !words.contains { $0.hasPrefix(name.key) } : !words.contains(name.key)
        }.map { "\($0.path): \($0.key)" }
        #expect(named.contains { $0.key == "app.name" })
        #expect(missing.isEmpty, "\(missing.joined(separator: "\n"))")
    }

    @Test func `finds what escaped the catalogue in a page of the pseudo-locale`() {
        let page = "<h1>⟦Ṓřđéř ⟦ñéẃ⟧⟧ 12</h1>\n<p aria-label=\"⟦á⟧\">Ada <b>Paid</b></p><style>p{}</style>"
        let escaped = VisibleText.escaped(fromCatalogueIn: page, data: ["Ada"])
        #expect(escaped == [VisibleText(text: "Paid", line: 2)])
    }
}
