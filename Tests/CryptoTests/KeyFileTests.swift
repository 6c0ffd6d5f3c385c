import Crypto
import Glibc
import Testing

/// Each test has its own folder, which goes with the suite's value.
@Suite final class KeyFileTests {
    private let folder: String
    private var path: String { folder + "/master.key" }

    init() throws {
        var template = Array("/tmp/key-file-XXXXXX".utf8CString)
        folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit {
        for name in names { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    private var names: [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private func mode() -> mode_t {
        var status = stat()
        stat(path, &status)
        return status.st_mode & 0o777
    }

    private func write(_ text: String) {
        guard let file = fopen(path, "w") else { return }
        fputs(text, file)
        fclose(file)
        chmod(path, 0o600)
    }

    private func problem() -> CryptoError.Kind? {
        do throws(CryptoError) {
            _ = try KeyFile(path: path).load()
            return nil
        } catch { return error.kind }
    }

    @Test func `an empty folder gets one key that only its owner may read`() throws {
        #expect(problem() == .noKeyFile)
        let keys = try KeyFile(path: path).loadOrCreate()
        #expect(keys.count == 1)
        #expect(mode() == 0o600)
        #expect(names == ["master.key"])
        #expect(try KeyFile(path: path).loadOrCreate() == keys)
        #expect(try KeyFile(path: path).load() == keys)
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666, 0o777] as [mode_t])
    func `a file that others may use is refused`(wide: mode_t) throws {
        _ = try KeyFile(path: path).loadOrCreate()
        chmod(path, wide)
        #expect(problem() == .openKeyFile)
        #expect(throws: CryptoError.self) { try KeyFile(path: self.path).loadOrCreate() }
        chmod(path, 0o400)
        #expect(problem() == nil)
    }

    @Test func `a rotation keeps the order of the keys`() throws {
        let file = KeyFile(path: path)
        let first = try file.loadOrCreate()
        let rotated = [MasterKey.make()] + first
        try file.replace(with: rotated)
        #expect(try file.load() == rotated)
        #expect(mode() == 0o600)
        #expect(names == ["master.key"])
    }

    @Test func `a damaged file is refused and left alone`() throws {
        let key = MasterKey.make()
        try KeyFile(path: path).replace(with: [key])
        for text in ["", "\n", "cartwright-key-1 \(key.id) AAAA\n", "hello\n"] {
            write(text)
            #expect(problem() == .badKeyFile)
            #expect(throws: CryptoError.self) { try KeyFile(path: self.path).loadOrCreate() }
        }
        write("cartwright-key-1 \(key.id) \([UInt8](repeating: 1, count: 32).base64)\n")
        #expect(problem() == .badKeyFile)
    }

    @Test func `a folder or a missing folder is no key file`() {
        mkdir(path, 0o700)
        #expect(problem() == .badKeyFile)
        rmdir(path)
        #expect(throws: CryptoError.self) { try KeyFile(path: self.folder + "/none/master.key").loadOrCreate() }
    }

    @Test func `processes that start together agree on one key`() async throws {
        let path = path
        let ids = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { try KeyFile(path: path).loadOrCreate().map(\.id) } }
            return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(names == ["master.key"])
    }
}
