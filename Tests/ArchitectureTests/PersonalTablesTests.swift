import Testing

@Suite struct `Personal data` {
    @Test func `is declared wherever a table holds it`() throws {
        let files = try Repository.sourceFiles().filter(\.isProgram)
        #expect(files.contains { $0.text.contains("CREATE TABLE contacts (") })
        let violations = PersonalTables.violations(in: files)
        #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
    }

    private static let table = SourceFile(
        path: "Sources/Store/M.swift",
        text:
            "\"\"\"\n    CREATE TABLE people (\n        id INTEGER PRIMARY KEY,\n        email TEXT UNIQUE\n    ) STRICT\n"
    )

    @Test func `that nobody declared is named with its table's place`() {
        #expect(
            PersonalTables.violations(in: [Self.table]) == [
                Violation(
                    path: "Sources/Store/M.swift", line: 2,
                    message: "people.email tells of a person and is not declared by a PersonalData")
            ])
    }

    @Test func `added by a later migration counts too`() {
        let later = SourceFile(path: "Sources/Store/N.swift", text: "\n\"ALTER TABLE people ADD COLUMN phone TEXT\"")
        let declared = SourceFile(path: "a", text: "PersonalData(table: \"people\", columns: [\"email\": .erase]")
        let violations = PersonalTables.violations(in: [Self.table, later, declared])
        #expect(violations.map(\.path) == ["Sources/Store/N.swift"])
        #expect(violations.map(\.line) == [2])
    }

    @Test func `that is declared passes, and a declaration of nothing does not`() {
        let good = SourceFile(
            path: "a",
            text: "PersonalData(\n table: \"people\",\n columns: [\n \"email\": .erase,\n ], retentionSetting: nil)")
        let bad = SourceFile(path: "b", text: "PersonalData(table: \"people\", columns: [\"mail\": .erase]")
        #expect(PersonalTables.violations(in: [Self.table, good]).isEmpty)
        #expect(PersonalTables.violations(in: [Self.table, good, bad]).map(\.path) == ["b"])
    }
}
