import FoundationEssentials

/// The files of this repository, found from where this file was compiled.
enum Repository {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift, C and C++ file and every template.
    static func sourceFiles() throws -> [SourceFile] {
        try ["Sources", "Tests", "Templates"].flatMap { folder in
            let base = root.appending(path: folder)
            return try FileManager.default.subpathsOfDirectory(atPath: base.path).sorted()
                .filter { [".swift", ".c", ".cpp", ".h", ".mustache"].contains(where: $0.hasSuffix) }
                .map {
                    SourceFile(
                        path: "\(folder)/\($0)",
                        text: try String(contentsOf: base.appending(path: $0), encoding: .utf8))
                }
        }
    }

    /// The keys of `en.po`.
    static func words() throws -> Set<String> {
        let text = try String(contentsOf: root.appending(path: "Locales/en.po"), encoding: .utf8)
        return Set(text.matches(of: /(?m)^msgid "([^"]+)"/).map { String($0.1) })
    }
}
