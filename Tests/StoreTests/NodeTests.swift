import Core
import Database
import SQL
import Store
import TestSupport
import Testing

@Suite struct `The nodes on a database` {
    private static let worker = Node(id: "a", name: "till 12", role: .worker, version: "1.0.0", keys: ["k2", "k1"])
    private static let web = Node(id: "b", name: "till 13", role: .web, version: "1.0.0", keys: ["k1"])

    private func beat(_ host: Host, _ node: Node, clock: Timestamp? = nil) throws {
        let clock = try clock ?? host.database.now()
        try host.database.writeBatch { tx in try NodesTable.beat(node, clock: clock, in: tx) }
    }

    private func age(_ host: Host, _ id: String, by span: Timestamp.Span) throws {
        try host.database.writeBatch { tx in
            try tx.run("UPDATE nodes SET seen_at = seen_at - \(span.milliseconds) WHERE id = \(id)")
        }
    }

    private func alive(_ host: Host) throws -> [Node] { try host.database.read { try NodesTable.alive(in: $0) } }

    @Test(arguments: TestDatabase.engines)
    func `are known from their first beat, and seen again with each`(_ engine: Engine) throws {
        let host = try Host(engine)
        try beat(host, Self.worker)
        try beat(host, Self.web)
        let first = try alive(host)
        #expect(first.map(\.name) == ["till 12", "till 13"])
        #expect(first[0].role == .worker && first[0].role.works && !first[1].role.works)
        #expect(first[0].keys == ["k2", "k1"])
        #expect(first[0].seenAt == first[0].startedAt)
        try age(host, "a", by: .seconds(10))
        var changed = Self.worker
        changed.keys = ["k2"]
        try beat(host, changed)
        let later = try #require(try alive(host).first)
        #expect(later.startedAt == first[0].startedAt && later.seenAt >= first[0].seenAt)
        #expect(later.keys == ["k2"])
    }

    @Test(arguments: TestDatabase.engines)
    func `are alive for fifteen seconds after a beat, and are remembered for longer`(_ engine: Engine) throws {
        let host = try Host(engine)
        try beat(host, Self.worker)
        try beat(host, Self.web)
        try age(host, "a", by: .seconds(16))
        #expect(try alive(host).map(\.id) == ["b"])
        #expect(try host.database.read { try NodesTable.isUnworked(in: $0) })
        let silences = try host.database.read { try NodesTable.seen(within: .hours(1), in: $0).map(\.silence) }
        #expect(silences[0] >= .seconds(16) && silences[1] < .seconds(10))
        #expect(try host.database.read { try NodesTable.seen(within: .hours(1), in: $0) }.count == 2)
        try host.database.writeBatch { tx in try NodesTable.removeUnseen(for: .seconds(15), in: tx) }
        #expect(try host.database.read { try NodesTable.seen(within: .days(9), in: $0) }.map(\.id) == ["b"])
        try host.database.writeBatch { tx in try NodesTable.leave("b", in: tx) }
        #expect(try alive(host).isEmpty)
        #expect(try !host.database.read { try NodesTable.isUnworked(in: $0) })
    }

    @Test(arguments: TestDatabase.engines)
    func `say how their clock stands to the database's`(_ engine: Engine) throws {
        let host = try Host(engine)
        try beat(host, Self.worker, clock: try host.database.now() + .minutes(1))
        let ahead = try #require(try alive(host).first).clockAhead
        #expect(ahead > .seconds(50) && ahead <= .minutes(1))
    }
}
