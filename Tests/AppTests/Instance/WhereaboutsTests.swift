import App
import Core
import Database
import Glibc
import SQL
import Store
import TestSupport
import Testing

/// Which real folder counts as elsewhere: files that are copied, renamed and put back, as shells do it.
@Suite struct WhereaboutsTests {
    private let folder: TemporaryFolder
    private var home: String { folder.file("home") }

    init() throws { folder = try TemporaryFolder() }

    /// Starts a house on a folder, and says how its database stands then.
    private func start(
        _ data: String, instance: String? = nil, url: String? = nil
    ) throws -> Instance {
        let house = try TestHost { options in
            options.data = data
            options.instance = instance
            options.publicURL = url
        }
        try house.host.recogniseInstance()
        return try #require(house.host.instance.known)
    }

    private func shell(_ words: String...) throws {
        let child = try ChildProcess("/usr/bin/env", words, environment: ["PATH": "/usr/bin:/bin"], errors: "/dev/null")
        #expect(try child.ending() == .exited(0), "\(words)")
    }

    @Test func `a folder is at home at every start, and after it was renamed`() throws {
        let first = try start(home)
        #expect(first.hold == nil)
        #expect(folder.text("home/instance") == first.mark + "\n")
        #expect(try start(home) == first)
        try shell("mv", home, folder.file("renamed"))
        let renamed = try start(folder.file("renamed"))
        #expect(renamed.hold == nil)
        #expect(renamed.mark == first.mark)
        #expect(renamed.place?[.path]?.hasSuffix("/renamed/cartwright.db") == true)
    }

    @Test func `a folder under another name, by a link, is the same`() throws {
        _ = try start(home)
        try shell("ln", "-s", home, folder.file("link"))
        #expect(try start(folder.file("link")).hold == nil)
    }

    @Test func `a copy of the folder is held, and the original goes on`() throws {
        _ = try start(home)
        try shell("cp", "-r", home, folder.file("copy"))
        #expect(try start(folder.file("copy")).hold?.kind == .copied)
        #expect(try start(home).hold == nil)
        // Also once the original is gone: nobody knows whether it runs on another machine by now.
        try shell("rm", "-r", home)
        #expect(try start(folder.file("copy")).hold?.kind == .copied)
    }

    @Test func `a folder that was put back in its place is held`() throws {
        _ = try start(home)
        try shell("cp", "-r", home, folder.file("kept"))
        try shell("rm", "-r", home)
        try shell("cp", "-r", folder.file("kept"), home)
        #expect(try start(home).hold?.difference == .file)
    }

    @Test func `the database alone in another installation's folder is held`() throws {
        _ = try start(home)
        _ = try start(folder.file("other"))
        for name in ["cartwright.db", "master.key"] {
            try shell("cp", "\(home)/\(name)", folder.file("other/\(name)"))
        }
        try shell("rm", "-f", folder.file("other/cartwright.db-wal"), folder.file("other/cartwright.db-shm"))
        #expect(try start(folder.file("other")).hold?.kind == .copied)
    }

    @Test func `a name that the operator gives stands for the machine's`() throws {
        _ = try start(home, instance: "shop")
        #expect(try start(home, instance: "shop").hold == nil)
        #expect(try start(home, instance: "staging").hold?.difference == .name)
        #expect(try start(home, instance: "shop").hold == nil)
    }

    @Test func `another public address asks; one of this machine alone is not kept`() throws {
        _ = try start(home, url: "http://127.0.0.1:8080")
        #expect(try start(home, url: "https://shop.example").hold == nil)
        #expect(try start(home, url: "https://staging.example").hold?.difference == .address)
        #expect(try start(home, url: "https://shop.example").hold == nil)
        #expect(try start(home, url: "http://localhost:8080").hold?.difference == .address)
    }

    @Test func `a database of before there were marks marks itself`() throws {
        let before = try start(home)
        let place = DatabaseLocation.file(home + "/cartwright.db")
        let database = try Database(place, clock: SystemClock(), log: TestDatabase.quiet)
        // As the migration that makes the table leaves it.
        try database.write { tx in try tx.run("DELETE FROM instance") }
        database.close()
        try shell("mv", home, folder.file("moved"))
        let after = try start(folder.file("moved"))
        #expect(after.hold == nil)
        #expect(after.mark != before.mark)
        #expect(folder.text("moved/instance") == after.mark + "\n")
    }
}
