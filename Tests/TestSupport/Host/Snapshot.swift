import HTTP
import Glibc
package import Testing

/// Texts that a test compares with what was recorded: whole exchanges (`.http`) and pages (`.html`).
///
/// `RECORD=1` writes them anew; look at the difference before committing it.
package enum Snapshot {
    /// - Parameter path: from the repository's root: `Tests/AppTests/Exchanges/orders.http`.
    package static func check(
        _ text: String, _ path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let target = RepositoryFile.root + "/" + path
        if getenv("RECORD") != nil { return try write(text, to: target) }
        guard let recorded = RepositoryFile.read(path).map({ String(decoding: $0, as: UTF8.self) }) else {
            Issue.record("\(path) is not recorded: run with RECORD=1", sourceLocation: sourceLocation)
            return
        }
        guard recorded != text else { return }
        Attachment.record(Array(text.utf8), named: String(path.split(separator: "/").last ?? "snapshot"))
        Issue.record("\(path) differs, \(difference(recorded, text))", sourceLocation: sourceLocation)
    }

    /// Ids and tokens differ from run to run: each becomes a name in order of appearance, equal ones an equal name.
    /// The fingerprint in a static file's name is left out, which changes with the file.
    package static func steady(_ text: String) -> String {
        var names: [Substring: String] = [:]
        var result = ""
        var rest = text[...]
        while let first = rest.first {
            let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
            guard !word.isEmpty else {
                result.append(first)
                rest = rest.dropFirst()
                continue
            }
            let isFingerprint =
                word.count == 8 && result.last == "." && rest.dropFirst(8).first == "."
                && word.allSatisfy { $0.isHexDigit && !$0.isUppercase }
            if isFingerprint {
                result += "<hash>"
                rest = rest.dropFirst(8)
                continue
            }
            let isID = word.count >= 17 && word.allSatisfy(\.isNumber)
            let isToken = word.count >= 43 && word.contains(where: \.isNumber) && word.contains(where: \.isLetter)
            if isID || isToken {
                let name = names[word] ?? (isID ? "<id \(names.count + 1)>" : "<token \(names.count + 1)>")
                names[word] = name
                result += name
            } else {
                result += word
            }
            rest = rest.dropFirst(word.count)
        }
        return result
    }

    private static func difference(_ recorded: String, _ text: String) -> String {
        let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
        func at(_ lines: [Substring]) -> Substring { line < lines.count ? lines[line] : "(the end)" }
        return "line \(line + 1):\n- \(at(old))\n+ \(at(new))"
    }

    private static func write(_ text: String, to path: String) throws {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            mkdir(folder, 0o755)
        }
        guard let file = fopen(path, "w") else { throw NotWritten(path: path) }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw NotWritten(path: path) }
    }

    private struct NotWritten: Error { let path: String }
}

extension TestResponse {
    /// Request and response as one text, without what differs from run to run.
    package var exchange: String {
        var text = String(decoding: request.head, as: UTF8.self).split(separator: "\r\n").filter { line in
            !["authorization:", "cookie:", "content-length:", "host:"].contains { line.lowercased().hasPrefix($0) }
        }.joined(separator: "\n")
        text += "\n"
        if !request.body.isEmpty { text += "\n" + String(decoding: request.body, as: UTF8.self) + "\n" }
        text += "\nHTTP/1.1 \(status)\n"
        for field in headers.fields { text += "\(field.name): \(field.value)\n" }
        if !bytes.isEmpty { text += "\n" + self.text + "\n" }
        return text
    }
}
