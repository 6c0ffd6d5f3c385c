import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Testing

/// A node that was stopped anywhere on a message's way out, and wakes when another one has taken its number over.
struct FenceTests {
    /// Two nodes that send through libcurl to one provider.
    private final class Pair: Sendable {
        let house: LedgerHouse
        let provider: MisbehavingServer
        let stopped: LedgerNode
        let other: LedgerNode
        private let clients: [CurlClient]

        init(_ engine: Engine) throws {
            let house = try LedgerHouse(engine)
            let whenConnected = Mutex<(@Sendable () -> Void)?>(nil)
            let provider = try MisbehavingServer(
                .tls, onConnection: { whenConnected.withLock { $0 }?() },
                handler: { .answer(200, body: $0.body) })
            var clients: [CurlClient] = []
            func node(_ owner: String) throws -> LedgerNode {
                let clock = FixedClock()
                let client = try CurlClient(version: "1", clock: clock, extraAuthority: provider.authority)
                clients.append(client)
                return LedgerNode(
                    house, owner: owner, clock: clock, client: client, url: provider.url + "/messages",
                    host: provider.host)
            }
            (self.house, self.provider) = (house, provider)
            let stopped = try node("node-1")
            self.stopped = stopped
            other = try node("node-2")
            self.clients = clients
            whenConnected.withLock { $0 = { stopped.pauses.reach(.connect) } }
        }

        deinit { for client in clients { client.close() } }

        /// Time passes, every lease ends, and the other node does what is due.
        func carryOn(after span: Timestamp.Span) throws {
            stopped.clock.advance(by: span)
            other.clock.advance(by: span)
            try house.endLeases()
            try work(other)
        }

        /// Turns and answers until nothing more happens at this time, and a second later.
        func work(_ node: LedgerNode) throws {
            for _ in 0..<3 {
                let turn = try node.dispatcher.turn()
                if turn.handedOver > 0 { _ = node.recorder.wait(atMost: .seconds(20), unless: { false }) }
                try node.recorder.record()
                node.clock.advance(by: .milliseconds(1050))
            }
        }
    }

    @Test(arguments: TestDatabase.engines, LedgerNode.Step.allCases)
    func `sends nothing on waking, and its message goes once`(_ engine: Engine, _ step: LedgerNode.Step) throws {
        let pair = try Pair(engine)
        let id = try pair.house.plan()
        let failure = Mutex<(any Error)?>(nil)
        pair.stopped.pauses.once(before: step) {
            do { try pair.carryOn(after: .minutes(1)) } catch { failure.withLock { $0 = error } }
        }
        try pair.work(pair.stopped)
        // What it took back because it never left is sent by whoever holds the number.
        try pair.work(pair.other)
        if let error = failure.withLock({ $0 }) { throw error }
        let row = try pair.house.row(id)
        #expect(row.status == .accepted)
        #expect(!row.possibleDuplicate)
        #expect(pair.provider.requests.count == 1)
        let outcomes = try pair.house.attempts(id).map(\.outcome)
        #expect(outcomes.filter { $0 != "not_sent" } == ["accepted"])
    }

    @Test(arguments: TestDatabase.engines, LedgerNode.Step.allCases)
    func `sends nothing on waking where the database was moved away meanwhile`(
        _ engine: Engine, _ step: LedgerNode.Step
    ) throws {
        let pair = try Pair(engine)
        let id = try pair.house.plan()
        let failure = Mutex<(any Error)?>(nil)
        pair.stopped.pauses.once(before: step) {
            do {
                pair.stopped.clock.advance(by: .minutes(1))
                try pair.house.endLeases()
                let now = pair.house.clock.now()
                try pair.house.test.database.write { tx in
                    try InstanceTable.hold(.moved(to: "elsewhere"), at: now, in: tx)
                }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        // Nobody has told it.
        #expect(pair.stopped.context.isHeld() == false)
        for _ in 0..<3 {
            try pair.work(pair.stopped)
            pair.stopped.clock.advance(by: .minutes(1))
        }
        if let error = failure.withLock({ $0 }) { throw error }
        #expect(pair.provider.requests.isEmpty)
        #expect(try pair.house.row(id).status != .accepted)
    }

    /// Before these the row is handed over, so that the other node can only think it sent.
    private static let handedOver: [LedgerNode.Step] = [.submit, .start, .connect]

    @Test(arguments: TestDatabase.engines, handedOver)
    func `takes the mark of a duplicate off what was sent again meanwhile`(
        _ engine: Engine, _ step: LedgerNode.Step
    ) throws {
        let pair = try Pair(engine)
        let id = try pair.house.plan()
        let seen = Mutex<[Bool]>([])
        let failure = Mutex<(any Error)?>(nil)
        pair.stopped.pauses.once(before: step) {
            do {
                try pair.carryOn(after: .minutes(20))
                let marked = try pair.house.row(id).possibleDuplicate
                seen.withLock { $0.append(marked) }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        try pair.work(pair.stopped)
        if let error = failure.withLock({ $0 }) { throw error }
        #expect(seen.withLock { $0 } == [true])
        #expect(try pair.house.row(id).status == .accepted)
        #expect(try !pair.house.row(id).possibleDuplicate)
        #expect(try pair.house.attempts(id).map(\.outcome) == ["not_sent", "accepted"])
        #expect(pair.provider.requests.count == 1)
    }

    @Test(arguments: TestDatabase.engines) func `keeps the mark where an earlier try may have arrived`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(.unknown(code: "x", detail: "", httpStatus: nil))
        let id = try house.plan()
        try house.turn()
        house.clock.advance(by: .minutes(16))
        house.channel.answer(DispatchTests.refused(.tryLater))
        try house.turn()
        #expect(try house.attempts(id).map(\.outcome) == ["unknown", "refused"])
        let now = house.clock.now()
        try house.test.database.writeBatch { tx in try LedgerMoves.clearDuplicate(id, at: now, in: tx) }
        #expect(try house.row(id).possibleDuplicate)
    }

    @Test(arguments: TestDatabase.engines) func `a claim needs the number's lease`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        let id = try house.plan()
        let now = house.clock.now()
        let claimed = try house.test.database.writeBatch { tx in
            let old = try #require(try LeasesTable.acquire("n", owner: "a", for: .seconds(30), in: tx))
            try LeasesTable.endAll(of: "a", in: tx)
            _ = try #require(try LeasesTable.acquire("n", owner: "b", for: .seconds(30), in: tx))
            return try LedgerMoves.claim(
                limit: 5, channel: "scripted", token: ID(1), under: old, for: .seconds(30), at: now, in: tx)
        }
        #expect(claimed.isEmpty)
        #expect(try house.row(id).status == .planned)
    }

    @Test(arguments: TestDatabase.engines) func `a node that leaves frees its number at once`(_ engine: Engine) throws {
        let pair = try Pair(engine)
        try pair.house.plan("first")
        try pair.work(pair.stopped)
        #expect(try pair.other.dispatcher.turn().handedOver == 0)
        try pair.stopped.dispatcher.leave()
        let second = try pair.house.plan("second")
        // The one that left may have sent up to the limit until now.
        #expect(try pair.other.dispatcher.turn().handedOver == 0)
        pair.other.clock.advance(by: .milliseconds(1050))
        try pair.work(pair.other)
        #expect(try pair.house.row(second).status == .accepted)
    }

    @Test(arguments: TestDatabase.engines) func `a lease that ended with nobody asking for it costs no rest`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        try house.plan("before")
        #expect(try house.turn().handedOver == 1)
        try house.endLeases()
        try house.plan("after")
        #expect(try house.turn().handedOver == 1)
    }

    @Test(arguments: TestDatabase.engines) func `what was committed by a turn that broke off goes back unsent`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let id = try house.plan()
        let (token, now) = (ID.make(at: house.clock.now()), house.clock.now())
        try house.test.database.writeBatch { tx in
            let lease = try #require(try LeasesTable.acquire("n", owner: "a", for: .seconds(30), in: tx))
            let rows = try LedgerMoves.claim(
                limit: 5, channel: "scripted", token: token, under: lease, for: .seconds(30), at: now, in: tx)
            _ = try LedgerMoves.handOver(
                rows.map { ($0, "+12025550123") }, token: token, sendingNumber: "n", lease: lease,
                answerWithin: .seconds(30), at: now, in: tx)
        }
        try house.test.database.writeBatch { tx in try LedgerUpkeep.takeBack(token, at: now, in: tx) }
        #expect(try house.row(id).status == .planned)
        #expect(try house.attempts(id).map(\.outcome) == ["not_sent"])
        #expect(try house.trail(id) == ["planned", "did_not_leave"])
        try house.turn()
        #expect(try house.row(id).status == .accepted)
    }
}
