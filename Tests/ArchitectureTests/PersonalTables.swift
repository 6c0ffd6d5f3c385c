/// Holds what the migrations create against what is declared as personal data: a column whose name tells of a person
/// must be declared, and what is declared must exist.
enum PersonalTables {
    /// Names that always mean a person, wherever they stand.
    private static let telling: Set<String> = [
        "phone", "phone_raw", "former_phones", "bsuid", "recipient", "email", "email_key", "first_name", "last_name",
        "name_key", "person_hash", "phone_hash", "address", "agent", "ip", "user_agent", "body", "text", "custom",
    ]

    static func violations(in files: [SourceFile]) -> [Violation] {
        let created = files.flatMap(tables)
        let declared = files.flatMap(declarations)
        let columnsByTable = Dictionary(created.map { ($0.table, $0.columns) }) { $0.union($1) }
        let declaredByTable = Dictionary(declared.map { ($0.table, $0.columns) }) { $0.union($1) }
        let undeclared = created.flatMap { entry in
            entry.columns.intersection(telling).subtracting(declaredByTable[entry.table, default: []]).sorted().map {
                entry.violation("\(entry.table).\($0) tells of a person and is not declared by a PersonalData")
            }
        }
        let unknown = declared.flatMap { entry in
            entry.columns.subtracting(columnsByTable[entry.table, default: []]).sorted().map {
                entry.violation("\(entry.table).\($0) is declared as personal, but no migration creates it")
            }
        }
        return undeclared + unknown
    }

    private struct Entry {
        let path: String
        let line: Int
        let table: String
        let columns: Set<String>

        func violation(_ message: String) -> Violation { Violation(path: path, line: line, message: message) }
    }

    /// Each `CREATE TABLE`, whose columns stand one a line as in all our migrations, and each column added later.
    private static func tables(in file: SourceFile) -> [Entry] {
        let statement = /CREATE TABLE (\w+) \(\n([^;"]*?)\n\s*\)/
        let addition = /ALTER TABLE (\w+) ADD COLUMN (\w+)/
        let created = file.text.matches(of: statement).map { match in
            let columns = match.2.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
            return Entry(
                path: file.path, line: line(of: match.range.lowerBound, in: file.text), table: String(match.1),
                columns: Set(columns))
        }
        let added = file.text.matches(of: addition).map { match in
            Entry(
                path: file.path, line: line(of: match.range.lowerBound, in: file.text), table: String(match.1),
                columns: [String(match.2)])
        }
        return created + added
    }

    private static func declarations(in file: SourceFile) -> [Entry] {
        let declaration = /PersonalData\(\s*table: "(\w+)",\s*columns: \[([^\]]*)\]/
        return file.text.matches(of: declaration).map { match in
            Entry(
                path: file.path, line: line(of: match.range.lowerBound, in: file.text), table: String(match.1),
                columns: Set(match.2.matches(of: /"(\w+)":/).map { String($0.1) }))
        }
    }

    private static func line(of index: String.Index, in text: String) -> Int {
        text[..<index].utf8.count { $0 == UInt8(ascii: "\n") } + 1
    }
}
