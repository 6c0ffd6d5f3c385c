import Core
import Database
import Domain
import Messaging
import PluginKit
import SQL
import Store
import TestSupport
import Testing

/// What a dispatcher does while this may be a copy of the shop's database.
@Suite struct HeldTests {
    @Test(arguments: TestDatabase.engines)
    func `nothing leaves, each message that is due says why once, and goes when the hold is lifted`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let id = try house.plan()
        let later = try Planner(house.context).plan([house.draft("later", delay: .hours(1))])[0].id
        house.hold.set(true)
        for _ in 0..<3 {
            let turn = try house.turn()
            #expect(turn.decided == 0)
            #expect(turn.handedOver == 0)
        }
        #expect(house.channel.sent.isEmpty)
        #expect(try house.row(id).status == .planned)
        #expect(try house.row(id).reason == OverdueMessages.waiting)
        #expect(try house.row(id).dueAt == house.clock.now())
        #expect(try house.trail(id) == ["planned", "held"])
        #expect(try house.row(later).reason == nil)
        // It does not spin while it waits.
        #expect(try house.turn().next == house.clock.now() + .minutes(5))

        house.hold.set(false)
        #expect(try house.turn().handedOver == 1)
        #expect(try house.row(id).status == .accepted)
        #expect(try house.row(id).reason == nil)
        #expect(house.channel.sent.count == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `what is planned while it is held is told too`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        house.hold.set(true)
        _ = try house.turn()
        house.clock.advance(by: .minutes(10))
        let id = try house.plan()
        _ = try house.turn()
        #expect(try house.row(id).reason == OverdueMessages.waiting)
    }

    @Test(arguments: TestDatabase.engines)
    func `a channel that keeps messages in the house goes on`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        house.channel.change { $0.staysInside = true }
        house.hold.set(true)
        let id = try house.plan()
        _ = try house.turn()
        #expect(try house.row(id).status == .accepted)
    }

    @Test(arguments: TestDatabase.engines)
    func `what is overdue is counted by purpose, and called off up to a time`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        let start = house.clock.now()
        let old = try house.plan()
        let test = try house.plan("test:1", purpose: .test)
        house.clock.advance(by: .hours(2))
        let recent = try house.plan("order:test:7:completed:r")
        let future = try Planner(house.context).plan([house.draft("future", delay: .hours(1))])[0].id
        let now = house.clock.now()
        let groups = try house.test.database.read { tx in try OverdueMessages.all(by: now, in: tx) }
        #expect(Set(groups.map(\.purpose)) == [.orders, .test])
        let orders = try #require(groups.first { $0.purpose == .orders })
        #expect(orders.count == 2)
        #expect(orders.oldest == start)

        func cancel(by limit: Timestamp) throws -> Set<ID> {
            var all: Set<ID> = []
            while true {
                let rows = try house.test.database.write { tx in
                    try OverdueMessages.cancel(dueBy: limit, resending: true, at: now, in: tx)
                }
                if rows.isEmpty { return all }
                all.formUnion(rows.map(\.id))
            }
        }
        #expect(try cancel(by: start + .hours(1)) == [old, test])
        #expect(try house.row(old).status == .cancelled)
        #expect(try house.row(old).reason == OverdueMessages.cancelled)
        #expect(try house.trail(old).last == "cancelled")
        #expect(try cancel(by: now) == [recent])
        #expect(try house.row(future).status == .planned)
    }

    @Test(arguments: TestDatabase.engines)
    func `one without a word of what became of it is not sent once more from a copy`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(.unknown(code: "time_out", detail: "", httpStatus: nil))
        let id = try house.plan()
        _ = try house.turn()
        #expect(try house.row(id).status == .unknown)
        let now = house.clock.now()
        let stopped = try house.test.database.write { tx in
            try OverdueMessages.cancel(dueBy: now, resending: true, at: now, in: tx)
        }
        #expect(stopped.map(\.id) == [id])
        house.clock.advance(by: .hours(1))
        _ = try house.turn()
        #expect(house.channel.sent.count == 1)
        #expect(try house.row(id).possibleDuplicate)
    }
}
