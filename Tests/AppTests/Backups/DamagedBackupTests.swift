import App
import Core
import Glibc
import Store
import TestSupport
import Testing

@Suite struct `A backup that is not whole` {
    /// The shop that it must not touch.
    private let shops: BackupBench
    private let before: [String: TableDigest]

    init() throws {
        let shops = try BackupBench()
        try #require(shops.backUp().status == 0)
        try shops.shareKey()
        try #require(shops.to.run("settings", "set", "site.name", "Precious").status == 0)
        before = try shops.to.digests()
        self.shops = shops
    }

    private func refuse(_ reason: String) throws {
        let run = shops.to.run("restore", shops.file, "--force")
        #expect(run.status == 1)
        #expect(run.errors.contains(reason), "\(run.errors)")
        #expect(try shops.to.digests() == before)
        for name in ["cartwright.db.restoring", "cartwright.db.before-restore", "templates.restoring"] {
            #expect(access(shops.to.data + "/" + name, F_OK) != 0, "\(name)")
        }
    }

    private func bytes() throws -> [UInt8] {
        try #require(try shops.bench.folder.files().first { $0.name == "backup.zip" }).bytes
    }

    @Test func `is refused when a byte of it is another`() throws {
        let whole = try bytes()
        let contacts = try shops.from.digests()["contacts"]
        var refused = 0
        var last = before
        for place in stride(from: 40, to: whole.count, by: max(1, whole.count / 24)) {
            var altered = whole
            altered[place] ^= 0x20
            try shops.bench.folder.write("backup.zip", altered)
            let run = shops.to.run("restore", shops.file, "--force")
            let after = try shops.to.digests()
            if run.status == 0 {
                // What it says of times and of the system that wrote it means nothing to us.
                #expect(after["contacts"] == contacts)
            } else {
                refused += 1
                #expect(after == last)
            }
            last = after
        }
        #expect(refused > 8)
    }

    @Test func `is named as what it is when it was not fetched whole`() throws {
        try shops.bench.folder.write("backup.zip", try bytes().prefix(1000).map(\.self))
        try refuse("is cut short, its end cannot be read: fetch it again")
        try shops.bench.folder.write("backup.zip", "")
        try refuse("is empty: fetch it again")
    }

    @Test(arguments: [1, 22, 100, 4000])
    func `is refused when its end is missing`(missing: Int) throws {
        try shops.bench.folder.write("backup.zip", try bytes().dropLast(missing).map(\.self))
        try refuse("read")
    }

    @Test func `is refused when a table has another content, or is missing`() throws {
        try shops.replace("database/contacts.jsonl") { Array($0.dropLast()) }
        try refuse("database/contacts.jsonl is not what was written")
        try shops.rewrite { $0.filter { $0.name != "database/contacts.jsonl" } }
        try refuse("database/contacts.jsonl is missing")
    }

    @Test func `is refused when something was put in`() throws {
        try shops.rewrite { [(name: "media/virus.exe", bytes: [1, 2, 3])] + $0 }
        try refuse("media/virus.exe")
    }

    @Test func `is refused when an entry is larger than it should be`() throws {
        let bomb = [UInt8](repeating: UInt8(ascii: "\n"), count: 20_000_000)
        try shops.replace("database/contacts.jsonl") { _ in bomb }
        try refuse("holds more than")
    }

    @Test func `is refused when it is no backup`() throws {
        try shops.rewrite { _ in [(name: "readme.txt", bytes: Array("hello".utf8))] }
        try refuse("it holds no manifest")
        try shops.bench.folder.write("backup.zip", "hello")
        try refuse("not a ZIP file")
    }

    @Test func `says which format it has when it is of a later one`() throws {
        try shops.replace("manifest.json") {
            Array(String(decoding: $0, as: UTF8.self).replacing(#""format":1"#, with: #""format":7"#).utf8)
        }
        try refuse("is of format 7")
        try refuse("reads format 1;")
    }

    @Test(arguments: [(#""format":1"#, #""format":2"#), (#""host":"#, #""host":1"#)])
    func `is refused when a newer program made it`(old: String, new: String) throws {
        try shops.replace("manifest.json") {
            Array(String(decoding: $0, as: UTF8.self).replacing(old, with: new).utf8)
        }
        try refuse("newer program")
    }
}
