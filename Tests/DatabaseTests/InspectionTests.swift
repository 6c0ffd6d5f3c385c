import Core
import Database
import Glibc
import SQL
import TestSupport
import Testing

/// What the engine says of itself.
@Suite struct `Inspecting a database` {
    let folder: TemporaryFolder
    private var path: String { folder.file("a.db") }

    init() throws { folder = try TemporaryFolder() }

    private func fill() throws {
        let database = try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
        try database.migrate(
            [
                MigrationSeries(
                    name: "t",
                    migrations: [Migration(1, "t", common: ["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT"])])
            ], program: 1)
        try database.write { tx in
            for number in 0..<2000 {
                try tx.run("INSERT INTO t (a) VALUES (\("row \(number) " + String(repeating: "x", count: 200)))")
            }
        }
        database.close()
    }

    @Test func `a sound file is sound`() throws {
        try fill()
        let database = try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        let state = try database.inspect(atMost: .seconds(30))
        #expect(state.integrity == .sound)
        #expect(state.logBytes != nil)
    }

    @Test func `a file with an overwritten page is damaged`() throws {
        try fill()
        let file = open(path, O_RDWR)
        let noise = [UInt8](repeating: 0xA5, count: 4096)
        #expect(pwrite(file, noise, noise.count, 4096 * 40) == noise.count)
        close(file)
        let database = try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        guard case .damaged = try database.inspect(atMost: .seconds(30)).integrity else {
            Issue.record("the damage was not seen")
            return
        }
    }

    @Test func `a file too large for the time is looked at in part`() throws {
        try fill()
        let database = try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        #expect(try database.inspect(atMost: .zero).integrity == .unfinished)
    }

    @Test func `PostgreSQL says its version and is asked nothing more`() throws {
        let place = try TestDatabase(.postgresql)
        let database = try Database(place.location, clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        let state = try database.inspect(atMost: .seconds(1))
        #expect(state.engine.hasPrefix("PostgreSQL "))
        #expect(state.integrity == .notAsked)
        #expect(state.logBytes == nil)
    }
}
