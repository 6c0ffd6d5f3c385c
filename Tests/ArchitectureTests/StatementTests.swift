import Testing

/// A release runs on its own schema and on the next one's, so no statement may depend on how many columns a table has.
@Suite struct `SQL of host and plugins` {
    private static var careless: [Regex<Substring>] {
        [#/SELECT\s+(?:\w+\.)?\*/#, #/RETURNING\s+\*/#, #/INSERT\s+INTO\s+\w+\s+(?:VALUES|SELECT|DEFAULT)\b/#]
    }

    private static func carelessStatements(in text: String) -> [String] {
        careless.flatMap { pattern in text.matches(of: pattern).map { String($0.output) } }
    }

    @Test func `names its columns`() throws {
        let files = try Repository.sourceFiles().filter { $0.path.hasPrefix("Sources/") && $0.path.hasSuffix(".swift") }
        let found = files.flatMap { file in Self.carelessStatements(in: file.text).map { "\(file.path): \($0)" } }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        #expect(files.contains { $0.text.contains("INSERT INTO orders") })
    }

    @Test(arguments: [
        ("SELECT * FROM orders", 1), ("SELECT o.* FROM orders o", 1), ("INSERT INTO orders VALUES (1)", 1),
        ("INSERT INTO orders\n    SELECT id FROM others", 1), ("DELETE FROM orders RETURNING *", 1),
        ("SELECT count(*) FROM orders", 0), ("INSERT INTO orders (id) VALUES (1)", 0),
        ("SELECT id, a * b FROM orders", 0),
    ])
    func `is found where it does not`(_ statement: String, _ count: Int) {
        #expect(Self.carelessStatements(in: statement).count == count)
    }
}
