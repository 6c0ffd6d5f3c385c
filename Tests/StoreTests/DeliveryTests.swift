import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

@Suite struct DeliveryTests {
    private func store(
        _ host: Host, body: String, topic: String = "order.updated", lane: String? = nil, at now: Timestamp = Host.now
    ) throws -> ID? {
        try host.database.write { tx in
            try DeliveriesTable.store(
                endpoint: "woocommerce", topic: topic, headers: [("X-WC-Webhook-Topic", topic), ("X", "\"ü\"")],
                body: Array(body.utf8), lane: lane, at: now, in: tx)
        }
    }

    private func claim(_ host: Host, lease: Timestamp.Span = .minutes(5)) throws -> [DeliveriesTable.Claimed] {
        try host.database.writeBatch { tx in
            try DeliveriesTable.claim(limit: 10, lease: lease, now: Host.now + .hours(1), in: tx)
        }
    }

    private func finish(_ host: Host, _ claimed: DeliveriesTable.Claimed) throws -> Bool {
        try host.database.write { tx in try DeliveriesTable.finish(claimed, as: .worked, note: nil, in: tx) }
    }

    @Test(arguments: TestDatabase.engines)
    func `a body that comes twice at once is stored once`(_ engine: Engine) throws {
        let host = try Host(engine)
        for round in 0..<30 {
            let stored = Collected<ID>()
            try Concurrently.run(2) { _ in
                if let id = try store(host, body: "{\"id\":\(round)}") { stored.add(id) }
            }
            #expect(stored.all.count == 1)
        }
        #expect(try host.count("SELECT count(*) FROM deliveries") == 30)
    }

    @Test(arguments: TestDatabase.engines)
    func `a body is known again for eight days, under its topic`(_ engine: Engine) throws {
        let host = try Host(engine)
        #expect(try store(host, body: "{}") != nil)
        #expect(try store(host, body: "{}", topic: "order.created") != nil)
        #expect(try store(host, body: "{}", at: Host.now + .days(8) - .milliseconds(1)) == nil)
        #expect(try store(host, body: "{}", at: Host.now + .days(8)) != nil)
    }

    @Test(arguments: TestDatabase.engines)
    func `a delivery comes back byte for byte, with its headers`(_ engine: Engine) throws {
        let host = try Host(engine)
        let id = try #require(try store(host, body: "\u{0}{\"ñ\"", lane: "order:37"))
        let delivery = try #require(try host.database.read { try DeliveriesTable.find(id, in: $0) })
        #expect(delivery.body == Array("\u{0}{\"ñ\"".utf8))
        #expect(delivery.lane == "order:37")
        let headers = try host.database.read { try DeliveriesTable.headers(of: id, in: $0) }
        #expect(headers.map(\.name) == ["X-WC-Webhook-Topic", "X"])
        #expect(headers.map(\.value) == ["order.updated", "\"ü\""])
    }

    @Test(arguments: TestDatabase.engines)
    func `of one lane only the oldest is worked, the others wait for it`(_ engine: Engine) throws {
        let host = try Host(engine)
        let first = try store(host, body: "1", lane: "order:37")
        let second = try store(host, body: "2", lane: "order:37")
        let other = try store(host, body: "3", lane: "order:38")
        let free = try store(host, body: "4")
        let alsoFree = try store(host, body: "5")
        let claimed = try claim(host)
        #expect(claimed.map(\.delivery.id) == [first, other, free, alsoFree])
        #expect(try claim(host).isEmpty)
        #expect(try finish(host, claimed[0]))
        #expect(try claim(host).map(\.delivery.id) == [second])
    }

    @Test(arguments: TestDatabase.engines)
    func `a delivery that waits for its next try holds its lane`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try store(host, body: "1", lane: "order:37")
        _ = try store(host, body: "2", lane: "order:37")
        let claimed = try #require(try claim(host).first)
        let later = Host.now + .days(1)
        try host.database.write { tx in try DeliveriesTable.retry(claimed, at: later, note: "busy", in: tx) }
        #expect(try claim(host).isEmpty)
        // Nobody is to look for work before there is some.
        #expect(try host.database.read { try DeliveriesTable.nextDue(in: $0) } == later)
    }

    @Test(arguments: TestDatabase.engines)
    func `workers side by side keep each lane in order`(_ engine: Engine) throws {
        let host = try Host(engine)
        for number in 0..<40 { _ = try store(host, body: "\(number)", lane: "order:\(number % 4)") }
        let worked = Collected<(lane: String?, id: ID)>()
        try Concurrently.run(2) { _ in
            var idle = 0
            while idle < 200 {
                let batch = try claim(host)
                idle = batch.isEmpty ? idle + 1 : 0
                for claimed in batch {
                    worked.add((claimed.delivery.lane, claimed.delivery.id))
                    #expect(try finish(host, claimed))
                }
            }
        }
        #expect(worked.all.count == 40)
        for (_, lane) in Dictionary(grouping: worked.all, by: \.lane) {
            #expect(lane.map(\.id) == lane.map(\.id).sorted())
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a dead worker's delivery is worked again and the dead one's word is not taken`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try store(host, body: "1", lane: "order:37")
        let lost = try #require(try claim(host, lease: .seconds(-1)).first)
        let again = try #require(try claim(host).first)
        #expect(again.tries == 2)
        #expect(try !finish(host, lost))
        #expect(try finish(host, again))
    }

    @Test(arguments: TestDatabase.engines)
    func `an unreadable delivery is listed and can be replayed`(_ engine: Engine) throws {
        let host = try Host(engine)
        let id = try #require(try store(host, body: "not an order"))
        let claimed = try #require(try claim(host).first)
        _ = try host.database.write { tx in
            try DeliveriesTable.finish(claimed, as: .unreadable, note: "delivery.not_an_order", in: tx)
        }
        let listed = try host.database.read { try DeliveriesTable.page(PageRequest(), state: .unreadable, in: $0) }
        #expect(listed.rows.map(\.note) == ["delivery.not_an_order"])
        #expect(try host.database.write { tx in try DeliveriesTable.replay(id, at: Host.now, in: tx) })
        #expect(try !host.database.write { tx in try DeliveriesTable.replay(id, at: Host.now, in: tx) })
        #expect(try claim(host).map(\.delivery.id) == [id])
    }

    @Test(arguments: TestDatabase.engines)
    func `old deliveries go, those that wait stay`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try store(host, body: "1")
        let claimed = try #require(try claim(host).first)
        _ = try finish(host, claimed)
        let waiting = try store(host, body: "2")
        let later = Host.now + .days(31)
        let removed = try host.database.write { tx in
            try DeliveriesTable.removeOld(before: later - .days(30), now: later, in: tx)
        }
        #expect(removed == 1)
        #expect(try host.database.read { try DeliveriesTable.page(PageRequest(), in: $0) }.rows.map(\.id) == [waiting])
    }

    @Test(arguments: TestDatabase.engines)
    func `refused calls are counted by endpoint and reason`(_ engine: Engine) throws {
        let host = try Host(engine)
        for second in 0..<3 {
            try host.database.writeBatch { tx in
                try RefusalsTable.add(
                    endpoint: "meta", reason: "signature", at: Host.now + .seconds(Int64(second)), in: tx)
            }
        }
        let entries = try host.database.read { try RefusalsTable.all(in: $0) }
        #expect(entries.map(\.count) == [3])
        #expect(entries.map(\.lastAt) == [Host.now + .seconds(2)])
    }
}
