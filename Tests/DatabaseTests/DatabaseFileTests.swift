import Core
import Database
import Glibc
import SQL
import TestSupport
import Testing

/// One file has one log beside it, by whatever name it is called.
@Suite struct `A database's file` {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["a", "b"] { try #require(mkdir(folder.file(name), 0o700) == 0) }
        try #require(symlink(folder.file("a"), folder.file("link")) == 0)
    }

    private func make(_ name: String) throws {
        let database = try open(name)
        defer { database.close() }
        try database.migrate([Counters.series], program: 1)
    }

    private func open(_ name: String) throws -> Database {
        try Database(.file(folder.file(name)), clock: SystemClock(), log: TestDatabase.quiet)
    }

    private func refusal(_ name: String) -> String {
        let error = #expect(throws: DatabaseError.self) { try open(name).close() }
        return error?.description ?? ""
    }

    @Test func `is locked in its own folder, also where a link to it is named`() throws {
        try make("a/shop.db")
        try #require(symlink("../a/shop.db", folder.file("b/other.db")) == 0)
        for name in ["a/shop.db", "link/shop.db", "b/other.db", "b/../a/shop.db"] {
            let location = DatabaseLocation.file(folder.file(name))
            #expect(try location.folder == folder.file("a"), "\(name)")
            #expect(try location.resolved() == .file(folder.file("a/shop.db")), "\(name)")
        }
    }

    @Test func `has a folder before it is there`() throws {
        let location = DatabaseLocation.file(folder.file("link/new.db"))
        #expect(try location.resolved() == .file(folder.file("a/new.db")))
        try make("link/new.db")
        #expect(access(folder.file("a/new.db"), F_OK) == 0)
        #expect(try DatabaseLocation(parsing: "new.db").resolved() != .file("new.db"))
        #expect(refusal("nowhere/new.db").contains("there is no folder \(folder.file("nowhere/"))"))
    }

    @Test func `that a link leads to and that is not there is not made`() throws {
        try #require(symlink(folder.file("a/gone.db"), folder.file("b/shop.db")) == 0)
        #expect(refusal("b/shop.db").contains("is a link to a file that does not exist"))
        #expect(access(folder.file("a/gone.db"), F_OK) != 0)
    }

    @Test func `is no folder`() throws {
        #expect(refusal("a").contains("is no file"))
    }

    @Test func `with a second name is refused by both, and fine again without it`() throws {
        try make("a/shop.db")
        try #require(link(folder.file("a/shop.db"), folder.file("b/shop.db")) == 0)
        for name in ["a/shop.db", "b/shop.db"] {
            #expect(refusal(name).contains("has 2 names (hard links)"), "\(name)")
        }
        try #require(unlink(folder.file("b/shop.db")) == 0)
        try make("a/shop.db")
    }

    @Test func `may have the second name that a killed restore left`() throws {
        try make("a/shop.db")
        try #require(link(folder.file("a/shop.db"), folder.file("a/shop.db") + DatabaseFile.formerSuffix) == 0)
        try make("a/shop.db")
        #expect(refusal("a/shop.db" + DatabaseFile.formerSuffix).contains("has 2 names"))
    }
}
