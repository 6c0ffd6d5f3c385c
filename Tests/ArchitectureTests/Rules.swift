import TestSupport

/// One file of the repository, by its path from the root.
struct SourceFile: Sendable {
    let path: String
    let text: String

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isProgram: Bool { path.hasPrefix("Sources/") }
    var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    var code: [String] { SwiftCode.lines(of: text) }
}

/// A broken rule, worded for the person who broke it.
struct Violation: CustomStringConvertible, Equatable {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// Something that holds for every file, decided from its path and text alone.
enum Rule: CaseIterable {
    case knownTarget, imports, length, words, testWords, machinePaths, templateText

    static func violations(in file: SourceFile) -> [Violation] { allCases.flatMap { $0.violations(in: file) } }

    func violations(in file: SourceFile) -> [Violation] {
        switch self {
        case .knownTarget: Self.unknownTarget(file)
        case .imports: Self.forbiddenImports(file)
        case .length: Self.excessLength(file)
        case .words: file.isProgram ? Self.forbidden(Self.programWords, file) : []
        case .testWords: file.isProgram ? [] : Self.forbidden(Self.sleeps, file)
        case .machinePaths: Self.machinePaths(file)
        case .templateText: Self.templateText(file)
        }
    }

    private static func unknownTarget(_ file: SourceFile) -> [Violation] {
        guard file.isProgram, House.target(ofPath: file.path) == nil else { return [] }
        return [Violation(path: file.path, line: 1, message: "belongs to no target that House.swift knows")]
    }

    private static func forbiddenImports(_ file: SourceFile) -> [Violation] {
        guard file.isSwift, let target = House.target(ofPath: file.path) else { return [] }
        return file.code.enumerated().compactMap { index, line in
            guard let module = importedModule(line), !target.mayImport(module) else { return nil }
            return Violation(path: file.path, line: index + 1, message: "may not import \(module)")
        }
    }

    /// The module of an import line, whatever access, attribute or kind of declaration it names.
    static func importedModule(_ line: String) -> String? {
        let words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }
        guard let keyword = words.firstIndex(of: "import"),
            words[..<keyword].allSatisfy({ $0.hasPrefix("@") || access.contains(String($0)) })
        else { return nil }
        let named = words[(keyword + 1)...].first { !kinds.contains(String($0)) }
        return named?.split(separator: ".").first.map(String.init)
    }

    private static let access: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: Set<String> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor",
    ]

    private static func excessLength(_ file: SourceFile) -> [Violation] {
        let count = file.text.utf8.count { $0 == UInt8(ascii: "\n") }
        guard file.isProgram, count > 500 else { return [] }
        return [Violation(path: file.path, line: 501, message: "\(count) lines, 500 are the limit")]
    }

    /// What does not belong in the program, each with what to do instead.
    private static let programWords: [(word: String, instead: String)] = [
        ("public ", "use package access"),
        ("fatalError(", "throw an error, or make the state impossible"),
        ("try!", "handle the error"),
        ("as!", "use as?"),
    ]

    /// A test that waits for the clock is slow on a good day and fails on a bad one.
    private static let sleeps: [(word: String, instead: String)] = [
        ("sleep(", "wait for the event itself"), ("usleep(", "wait for the event itself"),
        ("nanosleep(", "wait for the event itself"), ("Task.sleep", "wait for the event itself"),
    ]

    private static func forbidden(_ words: [(word: String, instead: String)], _ file: SourceFile) -> [Violation] {
        guard file.isSwift else { return [] }
        return file.code.enumerated().flatMap { index, line in
            words.filter { contains(line, word: $0.word) }.map {
                Violation(path: file.path, line: index + 1, message: "\($0.word): \($0.instead)")
            }
        }
    }

    /// Whether `word` stands in `line` on its own: not as the tail of a longer name, nor as a member (`.public`).
    private static func contains(_ line: String, word: String) -> Bool {
        var rest = line[...]
        while let range = rest.firstRange(of: word) {
            let before = range.lowerBound == line.startIndex ? nil : line[line.index(before: range.lowerBound)]
            guard let before, before.isLetter || before.isNumber || before == "_" || before == "." || before == "`"
            else { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    /// Files must mean the same wherever the repository lies.
    private static func machinePaths(_ file: SourceFile) -> [Violation] {
        file.lines.enumerated().flatMap { index, line in
            ["home", "root", "work", "Users"].map { "/\($0)/" }.filter { line.contains("\"\($0)") }.map {
                Violation(path: file.path, line: index + 1, message: "names a path of one machine (\($0))")
            }
        }
    }

    /// What a person reads comes from the catalogue, so that it can be translated.
    private static func templateText(_ file: SourceFile) -> [Violation] {
        guard file.path.hasPrefix("Templates/"), file.path.hasSuffix(".mustache") else { return [] }
        return VisibleText.pieces(ofTemplate: file.text).filter { $0.text.contains(where: \.isLetter) }.map {
            Violation(path: file.path, line: $0.line, message: "shows a text of its own: \($0.text)")
        }
    }
}
