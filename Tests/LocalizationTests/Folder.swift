import Glibc

/// A folder of its own for one test, gone with the last reference.
final class Folder {
    let path: String

    init() throws {
        var template = Array("\(P_tmpdir)/cartwright-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure() }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    struct Failure: Error {}

    /// Writes a PO file with the header that every catalogue has.
    func write(_ name: String, _ messages: String) throws {
        let header = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n"
        guard let file = fopen("\(path)/\(name)", "w") else { throw Failure() }
        defer { fclose(file) }
        guard fputs(header + messages, file) >= 0 else { throw Failure() }
        files.append(name)
    }

    private var files: [String] = []

    deinit {
        for file in files { unlink("\(path)/\(file)") }
        rmdir(path)
    }
}
