import Core
import Database
import SQL
import Store
import TestSupport
import Testing

/// Which database counts as one that stands elsewhere.
@Suite struct InstanceTests {
    private static let home: [InstancePlace.Fact: String] = [
        .engine: "sqlite", .name: "machine:1", .path: "/srv/shop/cartwright.db", .born: "100",
    ]

    private func sight(
        _ changes: [InstancePlace.Fact: String] = [:], without missing: [InstancePlace.Fact] = [], mark: String? = nil,
        originalStands: Bool = false, stated: String? = nil, stored: String? = nil
    ) -> InstanceSight {
        var place = InstancePlace(Self.home.merging(changes) { $1 })
        for fact in missing { place[fact] = nil }
        place[.address] = stated ?? stored
        var sight = InstanceSight(place)
        sight.mark = mark
        sight.originalStands = originalStands
        sight.statedAddress = stated
        sight.storedAddress = stored
        return sight
    }

    private func start(_ sight: InstanceSight, _ host: Host, at now: Timestamp = Host.now) throws -> Instance {
        try host.database.write { tx in try InstanceTable.recognise(sight, at: now, in: tx) }
    }

    @Test(arguments: TestDatabase.engines)
    func `a new installation marks itself, and its restart changes nothing`(_ engine: Engine) throws {
        let host = try Host(engine)
        let first = try start(sight(), host)
        #expect(first.hold == nil)
        #expect(first.mark.count == 32)
        #expect(first.place == sight().place)
        #expect(try start(sight(), host) == first)
        #expect(try host.database.read { tx in try InstanceTable.find(in: tx) } == first)
    }

    @Test(arguments: [
        (InstanceSight.Difference?.none, [:] as [InstancePlace.Fact: String], false),
        // Renamed, or mounted at another place: the same file.
        (nil, [.path: "/srv/renamed/cartwright.db"], false),
        // A snapshot of the disk keeps the file's birth, but the original is still there.
        (.path, [.path: "/mnt/snapshot/cartwright.db"], true),
        (.path, [.path: "/srv/copy/cartwright.db", .born: "200"], false),
        (.file, [.born: "200"], false),
        (.name, [.name: "machine:2"], false),
        (.name, [.name: "machine:2", .path: "/srv/copy/cartwright.db", .born: "200"], false),
        (.engine, [.engine: "postgresql"], false),
    ])
    func `a file elsewhere is held, a file that was only renamed is not`(
        _ expected: InstanceSight.Difference?, _ changes: [InstancePlace.Fact: String], _ originalStands: Bool
    ) throws {
        let host = try Host(.sqlite)
        let first = try start(sight(), host)
        let found = sight(changes, originalStands: originalStands)
        let second = try start(found, host, at: Host.now + .days(1))
        #expect(second.hold?.difference == expected)
        #expect(second.hold.map(\.kind) == expected.map { _ in .copied })
        #expect(second.hold.map(\.since) == expected.map { _ in Host.now + .days(1) })
        #expect(second.place == (expected == nil ? found.place : first.place))
        #expect(second.found == (expected == nil ? nil : found.place))
    }

    @Test func `where the disk does not say when a file was made, path and mark decide`() throws {
        for (path, mark, expected) in [
            ("/srv/shop/cartwright.db", true, InstanceSight.Difference?.none),
            ("/srv/shop/cartwright.db", false, .mark),
            ("/srv/copy/cartwright.db", true, .path),
        ] {
            let host = try Host(.sqlite)
            let first = try start(sight(without: [.born]), host)
            let again = sight([.path: path], without: [.born], mark: mark ? first.mark : "another's")
            #expect(try start(again, host).hold?.difference == expected)
        }
    }

    @Test(arguments: [InstancePlace.Fact.system, .databaseNumber, .tableNumber])
    func `a dump that was read back is held by each of its numbers`(_ fact: InstancePlace.Fact) throws {
        let numbers: [InstancePlace.Fact: String] = [
            .engine: "postgresql", .database: "shop", .system: "7", .databaseNumber: "16384", .tableNumber: "16500",
        ]
        let host = try Host(.sqlite)
        func place(_ changes: [InstancePlace.Fact: String?] = [:]) -> InstanceSight {
            var place = InstancePlace(numbers)
            for (fact, value) in changes { place[fact] = value }
            return InstanceSight(place)
        }
        _ = try start(place(), host)
        // A renamed database is the same, and a number that may not be read any more says nothing.
        #expect(try start(place([.database: "store", fact: String?.none]), host).hold == nil)
        _ = try start(place(), host)
        #expect(try start(place([fact: "1"]), host).hold?.difference == .database)
        #expect(try start(place([fact: "1"]), host).hold?.kind == .copied)
    }

    @Test(arguments: TestDatabase.engines)
    func `another address at a start asks; one that the owner set does not`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try start(sight(stored: "https://live.example"), host)
        // Set in the admin: the mark follows, also where the same stands on the command line.
        #expect(try start(sight(stored: "https://new.example"), host).hold == nil)
        #expect(try start(sight(stated: "https://newer.example", stored: "https://newer.example"), host).hold == nil)
        // A start that states none knows of nothing else.
        let silent = try start(sight(), host)
        #expect(silent.hold == nil)
        #expect(silent.place?[.address] == "https://newer.example")
        let staging = try start(sight(stated: "https://staging.example", stored: "https://newer.example"), host)
        #expect(staging.hold?.kind == .notConfirmed)
        #expect(staging.hold?.difference == .address)
        // Whoever states nothing proves nothing; the address on record proves that this is the original.
        #expect(try start(sight(stored: "https://newer.example"), host).hold != nil)
        let original = sight(stated: "https://newer.example", stored: "https://newer.example")
        #expect(try start(original, host).hold == nil)
    }

    @Test(arguments: TestDatabase.engines)
    func `a confirmed copy is at home where it was found, under a mark of its own`(_ engine: Engine) throws {
        let host = try Host(engine)
        let original = try start(sight(), host)
        let elsewhere = sight([.name: "machine:2", .born: "200"])
        #expect(try start(elsewhere, host).hold != nil)
        // A restart in the same wrong place asks on, from when it first did.
        #expect(try start(elsewhere, host, at: Host.now + .hours(3)).hold?.since == Host.now)
        try host.database.write { tx in
            try InstanceTable.settle(by: "owner@shop.example", at: Host.now + .hours(4), in: tx)
        }
        let settled = try #require(try host.database.read { tx in try InstanceTable.find(in: tx) })
        #expect(settled.hold == nil)
        #expect(settled.mark != original.mark)
        #expect(settled.place == elsewhere.place)
        #expect(settled.confirmedBy == "owner@shop.example")
        #expect(settled.confirmedAt == Host.now + .hours(4))
        #expect(try start(elsewhere, host).hold == nil)
        #expect(try start(sight(), host).hold?.difference == .name)
    }

    @Test(arguments: TestDatabase.engines)
    func `the original that is started in its own place again is not held for what its copy was`(
        _ engine: Engine
    ) throws {
        let host = try Host(engine)
        _ = try start(sight(), host)
        #expect(try start(sight([.name: "machine:2"]), host).hold != nil)
        #expect(try start(sight(), host).hold == nil)
    }

    @Test(arguments: [InstanceHold.Kind.restored, .moved(to: "the PostgreSQL server")])
    func `what was restored or moved stays held at every start, until confirmed`(_ kind: InstanceHold.Kind) throws {
        for engine in TestDatabase.engines {
            let host = try Host(engine)
            _ = try start(sight(), host)
            try host.database.write { tx in try InstanceTable.hold(kind, at: Host.now, in: tx) }
            #expect(try start(sight(), host, at: Host.now + .days(1)).hold == InstanceHold(kind: kind, since: Host.now))
            try host.database.write { tx in try InstanceTable.settle(by: "test", at: Host.now, in: tx) }
            #expect(try start(sight(), host).hold == nil)
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `what was held and settled before any start is at home where it starts first`(_ engine: Engine) throws {
        let host = try Host(engine)
        try host.database.write { tx in
            try InstanceTable.hold(.restored, at: Host.now, in: tx)
            try InstanceTable.settle(by: "test", at: Host.now, in: tx)
        }
        #expect(try start(sight([.name: "machine:9"]), host).hold == nil)
        #expect(try start(sight([.name: "machine:2"]), host).hold?.difference == .name)
    }

    @Test(arguments: TestDatabase.engines)
    func `a copy that is kept stays one, and may become the live one`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try start(sight(), host)
        #expect(try !host.database.write { tx in try InstanceTable.keep(in: tx) })
        _ = try start(sight([.name: "machine:2"]), host)
        #expect(try host.database.write { tx in try InstanceTable.keep(in: tx) })
        #expect(try start(sight([.name: "machine:2"]), host).hold?.isKept == true)
        try host.database.write { tx in try InstanceTable.settle(by: "test", at: Host.now, in: tx) }
        #expect(try start(sight([.name: "machine:2"]), host).hold == nil)
    }

    @Test func `a table that was made anew has another number, a renamed schema's table has not`() throws {
        guard TestDatabase.engines.contains(.postgresql) else { return }
        let host = try Host(.postgresql)
        func place() throws -> InstancePlace { try host.database.read { tx in try ServerPlace.read(in: tx) } }
        let before = try place()
        for fact in [InstancePlace.Fact.engine, .system, .database, .databaseNumber, .tableNumber] {
            #expect(before[fact] != nil, "\(fact)")
        }
        try host.database.write { tx in try InstanceTable.hold(.restored, at: Host.now, in: tx) }
        #expect(try place() == before)
        try host.database.write { tx in
            try tx.run("CREATE TABLE copied AS SELECT * FROM instance")
            try tx.run("DROP TABLE instance")
            try tx.run("ALTER TABLE copied RENAME TO instance")
        }
        #expect(try place()[.tableNumber] != before[.tableNumber])
    }
}
