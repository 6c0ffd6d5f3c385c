import Core
import Database
import SQL
import Store
import Synchronization
import TestSupport
import Testing

@testable import App

/// A move that does not go through at the first try.
@Suite struct DatabaseMoveTests {
    private struct Cut: Error {}

    private let house: MovingHouse

    init() throws { house = try MovingHouse() }

    @Test(arguments: TestDatabase.engines)
    func `one that is cut leaves the source as it was, and the next try goes on from there`(_ engine: Engine) throws {
        try house.fill(more: 0)
        let server = engine == .postgresql ? try TestDatabase(.postgresql) : nil
        let target = server?.location ?? .file(house.bench.folder.file("second.db"))
        let before = try house.digests(.file(house.source), without: [])
        // At the begin of a step, or after its first page.
        let cuts = [
            ("copying contacts", 2), ("copying settings", 1), ("copying users", 2), ("copying orders", 2),
            ("reading back contacts", 2), ("comparing messages", 1), ("holding the source", 1),
            ("handing over to the target", 1),
        ]
        for (step, time) in cuts {
            let seen = Mutex(0)
            #expect(throws: Cut.self, "\(step)") {
                try house.move(to: target) { said in
                    guard said == step else { return }
                    let count = seen.withLock { seen in
                        seen += 1
                        return seen
                    }
                    if count == time { throw Cut() }
                }
            }
            let half = try Database(target, clock: SystemClock(), log: TestDatabase.quiet)
            #expect(throws: DatabaseError.self) { try half.refuseUnfinishedCopy() }
            half.close()
            guard step != cuts.last?.0 else { break }
            #expect(try house.digests(.file(house.source), without: []) == before, "\(step)")
        }
        #expect(try house.digests(.file(house.source), without: []) != before)
        try house.move(to: target)
        #expect(try house.digests(target) == before.filter { !MovingHouse.marked.contains($0.key) })
    }

    @Test func `a target that is full says so, and the next try with more room goes on`() throws {
        try house.fill(more: 0)
        let before = try house.digests(.file(house.source), without: [])
        let source = try Database(.file(house.source), clock: SystemClock(), log: TestDatabase.quiet)
        let pages = try source.read { try $0.count("SELECT page_count FROM pragma_page_count") }
        source.close()
        let target = DatabaseLocation.file(house.bench.folder.file("second.db"))
        var narrow = DatabaseOptions()
        narrow.pageLimit = pages - 60
        let error = #expect(throws: DatabaseError.self) { try house.move(to: target, options: narrow) }
        #expect(error?.trouble == .full)
        #expect(error.map { "\($0)".contains("make room on the disk") } == true)
        #expect(try house.digests(.file(house.source), without: []) == before)
        try house.move(to: target)
        #expect(try house.digests(target) == before.filter { !MovingHouse.marked.contains($0.key) })
    }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `a server that stops in the middle is gone on with, and moved to another server from there`() throws {
        try house.fill(more: 0)
        let before = try house.digests(.file(house.source))
        let server = try PostgresServer()
        let target = try DatabaseLocation(parsing: server.address)
        let error = #expect(throws: DatabaseError.self) {
            try house.move(to: target) { step in if step == "copying messages" { try server.stop() } }
        }
        #expect(error?.kind == .unavailable)
        try server.start()
        try house.move(to: target)
        #expect(try house.digests(target) == before)
        let other = try TestDatabase(.postgresql)
        try house.move(from: target, to: other.location)
        #expect(try house.digests(other.location) == before)
    }

    @Test func `what is written to the source after its table was copied is moved too`() throws {
        try house.fill(more: 0)
        let target = house.bench.folder.file("second.db")
        let source = house.source
        let written = Mutex(false)
        try house.move(to: .file(target)) { step in
            guard step.hasPrefix("reading back"), written.withLock({ !$0 }) else { return }
            written.withLock { $0 = true }
            let other = try Database(.file(source), clock: SystemClock(), log: TestDatabase.quiet)
            defer { other.close() }
            try other.write { tx in
                try tx.run("UPDATE contacts SET email = 'late@shop.example' WHERE id = 1")
            }
        }
        #expect(written.withLock { $0 })
        let moved = try Database(.file(target), clock: SystemClock(), log: TestDatabase.quiet)
        defer { moved.close() }
        #expect(try moved.read { try $0.count("SELECT count(*) FROM contacts WHERE email = 'late@shop.example'") } == 1)
    }
}
