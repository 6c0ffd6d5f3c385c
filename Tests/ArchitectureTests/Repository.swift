import FoundationEssentials

/// The files of this repository, found from where this file was compiled.
enum Repository {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift, C and C++ file below the folders that hold code.
    static func sourceFiles() throws -> [SourceFile] {
        try ["Sources", "Tests"].flatMap { folder in
            let base = root.appending(path: folder)
            return try FileManager.default.subpathsOfDirectory(atPath: base.path).sorted()
                .filter { [".swift", ".c", ".cpp", ".h"].contains(where: $0.hasSuffix) }
                .map {
                    SourceFile(
                        path: "\(folder)/\($0)",
                        text: try String(contentsOf: base.appending(path: $0), encoding: .utf8))
                }
        }
    }
}
