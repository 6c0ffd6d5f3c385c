import Archive
import Core
import Glibc
import TestSupport
import Testing

@Suite struct `An archive` {
    private let time = Timestamp(milliseconds: 1_700_000_000_000)

    private func write(_ entries: [(String, [UInt8])], to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(file) }
        let writer = try ArchiveWriter(file: file)
        for (name, bytes) in entries {
            try writer.begin(name, at: time)
            try writer.write(bytes)
        }
        try writer.finish()
    }

    private func read(_ path: String, atMost limit: Int = 1 << 20) throws -> [(String, [UInt8])] {
        var reader = try ArchiveReader(path: path)
        var entries: [(String, [UInt8])] = []
        while let name = try reader.next() { entries.append((name, try reader.contents(atMost: limit))) }
        return entries
    }

    @Test func `gives back what was written, in its order`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.zip"
        let large = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let entries = [
            ("database/contacts.jsonl", large), ("empty", []), ("media/Menü è.png", [0, 255, 1]),
            ("manifest.json", Array("{}".utf8)),
        ]
        try write(entries, to: path)
        let found = try read(path)
        #expect(found.map(\.0) == entries.map(\.0))
        #expect(found.map(\.1) == entries.map(\.1))
    }

    @Test(arguments: ["small", "large"])
    func `that finds the disk full says so`(size: String) {
        // The system's own disk that is always full.
        let noise = (0..<(size == "large" ? 700_000 : 10)).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let error = #expect(throws: ArchiveError.self) { try write([("media/noise", noise)], to: "/dev/full") }
        #expect(
            error?.message == "the archive cannot be written: the disk is full: make room, or write it to another disk")
    }

    @Test(arguments: [
        "/etc/passwd", "../up", "a/../../up", "a//b", "a/./b", "a\\b", "C:evil", "", "a/", "a\u{1}b", ".",
    ])
    func `takes no name that may lead elsewhere`(name: String) throws {
        #expect(!EntryName.isSafe(name))
        let folder = try TemporaryFolder()
        #expect(throws: ArchiveError.self) { try write([(name, [1])], to: folder.path + "/a.zip") }
    }

    @Test func `gives no more of an entry than its reader allows`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/bomb.zip"
        try write([("bomb", [UInt8](repeating: 0, count: 30_000_000))], to: path)
        var handed = 0
        let error = #expect(throws: ArchiveError.self) {
            var reader = try ArchiveReader(path: path)
            _ = try reader.next()
            try reader.read(atMost: 1_000_000) { handed += $0.count }
        }
        #expect(error?.kind == .tooLarge)
        #expect(handed <= 1_000_000)
    }

    @Test func `that is cut short anywhere is refused`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.zip"
        try write([("one", Array("first".utf8)), ("two", Array("second".utf8))], to: path)
        let whole = try #require(try folder.files().first).bytes
        for count in 0..<whole.count {
            try folder.write("a.zip", Array(whole.prefix(count)))
            #expect(throws: ArchiveError.self, "\(count) of \(whole.count) bytes") { _ = try read(path) }
        }
    }
}
