import Glibc

/// A folder of its own for one test, gone with the last reference.
final class Folder {
    let path: String
    private var made: [String] = []

    struct Failure: Error {}

    init(_ files: [String: String] = [:]) throws {
        var template = Array("\(P_tmpdir)/cartwright-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure() }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        for (name, text) in files { try write(name, Array(text.utf8)) }
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        if let slash = name.lastIndex(of: "/") {
            let folder = "\(path)/\(name[..<slash])"
            if mkdir(folder, 0o755) == 0 { made.append(folder) }
        }
        guard let file = fopen("\(path)/\(name)", "wb") else { throw Failure() }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failure() }
        made.append("\(path)/\(name)")
    }

    deinit {
        for entry in made.reversed() { remove(entry) }
        rmdir(path)
    }
}
