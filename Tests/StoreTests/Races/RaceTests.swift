import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

/// Whatever reads, compares and writes does so as if it were alone: of two at the same moment one is the one.
@Suite struct RaceTests {
    private static let cases =
        AccessRaces.all + PeopleRaces.all + WorkRaces.all + ShopRaces.all + LedgerRaces.all

    @Test(arguments: TestDatabase.engines, cases)
    func `what two do at once is done once`(_ engine: Engine, _ race: RaceCase) throws {
        let host = try Host(engine)
        let rounds = Race.rounds
        try host.database.write { tx in try race.prepare(host, rounds, tx) }
        let outcomes = try Race.run(host) { side, round, database in
            let turn = RaceCase.Turn(side: side, round: round, host: host)
            let body: @Sendable (any WriteTransaction) throws -> Bool = { tx in try race.part(turn, tx) }
            return race.isBatch ? try database.writeBatch(body) : try database.write(body)
        }
        let crowded = outcomes.enumerated().filter { $0.element.count(where: { $0 }) != 1 }.map(\.offset)
        #expect(crowded == [])
        for (query, count) in race.kept(rounds) {
            #expect(try host.count(Query(stringLiteral: query)) == count, "\(query)")
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `an order told by two at once, a thousand times over, has one event of each kind`(_ engine: Engine) throws {
        let host = try Host(engine)
        let reception = OrderReception(keys: host.keys, window: .hours(24))
        let rounds = 1000
        let outcomes = try Race.run(host, rounds: rounds) { side, round, database in
            let turn = RaceCase.Turn(side: side, round: round, host: host)
            let incoming = IncomingOrder(
                .sample("\(round)"), phone: .number(turn.phone), arrival: ID.make(at: Host.now))
            return try database.write { tx in try reception.receive(incoming, at: Host.now, in: tx).outcome }
        }
        #expect(outcomes.allSatisfy { pair in pair.count(where: { $0 == .created }) == 1 })
        for (query, count) in [
            ("SELECT count(*) FROM orders", rounds), ("SELECT count(*) FROM contacts", rounds),
            ("SELECT count(*) FROM events WHERE kind = 'placed'", rounds),
            ("SELECT count(*) FROM events WHERE kind = 'status'", rounds),
            ("SELECT count(*) FROM events WHERE kind = 'paid'", rounds),
            ("SELECT count(*) FROM (SELECT 1 FROM events GROUP BY order_id, kind, detail) AS e", rounds * 3),
        ] {
            #expect(try host.count(Query(stringLiteral: query)) == count, "\(query)")
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `of two owners who take the rights from each other one stays owner`(_ engine: Engine) throws {
        let host = try Host(engine)
        let owners = [AccessRaces.user("ana@example.com"), AccessRaces.user("ben@example.com")]
        try host.database.write { tx in for owner in owners { _ = try UsersTable.add(owner, in: tx) } }
        let outcomes = try Race.run(host) { side, round, database in
            // Each round begins with both as owners, put back by whoever comes first and seen by the second.
            try database.write { tx in
                guard try tx.count("SELECT count(*) FROM throttles WHERE key = \("round-\(round)")") == 0 else {
                    return
                }
                for owner in owners { try UsersTable.setRole(.owner, of: owner.id, in: tx) }
                _ = try ThrottlesTable.take(
                    "round-\(round)", by: .init(limit: 1, window: .days(9)), now: Host.now, in: tx)
            }
            return try database.write { tx in
                guard let other = try UsersTable.find(owners[1 - side].id, in: tx),
                    try !UsersTable.isLastOwner(other, in: tx)
                else { return false }
                try UsersTable.setRole(.viewer, of: other.id, in: tx)
                return true
            }
        }
        #expect(outcomes.allSatisfy { $0.contains(true) })
        #expect(try host.count("SELECT count(*) FROM users WHERE role = 'owner'") >= 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `the later of a grant and a withdrawal stands, in whatever order they are written`(_ engine: Engine) throws {
        let host = try Host(engine)
        let people = try (0..<Race.rounds).map { round in
            try host.contact(phone: RaceCase.turn(round, host).phone)
        }
        let consents = Consents(keys: host.keys)
        _ = try Race.run(host) { side, round, database in
            let said = ConsentStatement(
                purpose: .marketing, action: side == 0 ? .grant : .withdraw,
                at: Host.now + .milliseconds(Int64(side)), source: "checkout")
            return try database.write { tx in
                try consents.record(said, by: people[round], at: Host.now + .seconds(1), in: tx)
            }.isInForce
        }
        #expect(try host.count("SELECT count(*) FROM consents") == 2 * Race.rounds)
        #expect(try host.count("SELECT count(*) FROM consent_state WHERE state = 'withdrawn'") == Race.rounds)
    }

    @Test(arguments: TestDatabase.engines)
    func `every change of a setting is counted, so that every process hears of it`(_ engine: Engine) throws {
        let host = try Host(engine)
        func revision() throws -> Int {
            try host.database.read { tx in try RevisionsTable.all(in: tx)[.settings] ?? 0 }
        }
        let before = try revision()
        _ = try Race.run(host) { side, round, database in
            try database.write { tx in
                try SettingsTable.set("site.name", to: .plain("\(side) \(round)"), at: Host.now, in: tx)
            }
        }
        #expect(try revision() == before + 2 * Race.rounds)
    }
}
