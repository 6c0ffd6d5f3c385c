import App
import Core
import Crypto
import Database
import Store
import TestSupport
import Testing

@Suite struct `The key command` {
    let bench: CommandBench

    init() throws { bench = try CommandBench() }

    @Test func `makes a new key, and every secret is still there`() throws {
        #expect(bench("settings", "set", "meta.access_token", "--stdin", input: "secret\n").status == 0)
        let before = try KeyFile(path: bench.data + "/master.key").load()
        let run = bench("key", "rotate")
        #expect(run.status == 0, "\(run.errors)")
        let after = try KeyFile(path: bench.data + "/master.key").load()
        #expect(after.count == 1)
        #expect(after != before)
        #expect(run.lines[0] == "master key \(after[0].id) has sealed 4 values anew")
        #expect(run.lines[1].hasPrefix("master key \(before[0].id) is forgotten"))
        #expect(bench("settings", "get", "meta.access_token").output == "(set)\n")
        let foundation = try bench.open()
        defer { foundation.database.close() }
        #expect(foundation.settings.stored("meta.access_token") == .secret(Secret("secret")))
    }

    @Test func `changes the key file that it is given`() throws {
        let file = bench.folder.file("elsewhere.key")
        #expect(bench("settings", "list", "--key-file", file).status == 0)
        let before = try KeyFile(path: file).load()
        #expect(bench("key", "rotate", "--key-file", file).status == 0)
        #expect(try KeyFile(path: file).load() != before)
        #expect(throws: CryptoError.self) { try KeyFile(path: bench.data + "/master.key").load() }
    }

    @Test func `works on an empty folder, and says that it has made one`() throws {
        let first = bench("key", "rotate")
        #expect(first.status == 0)
        #expect(first.errors.contains(#""event":"new data folder","data":"\#(bench.data)""#))
        let second = bench("key", "rotate")
        #expect(second.status == 0)
        #expect(second.errors.isEmpty)
    }
}
