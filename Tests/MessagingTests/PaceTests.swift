import Core
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Testing

/// The pace of a sending number, measured where the messages arrive.
struct PaceTests {
    /// Two nodes on one ledger and one clock, whose every step takes as long as chance wants.
    private final class Race: Sendable {
        let house: LedgerHouse
        let clock = FixedClock()
        let arrivals = SimulatedWire.Arrivals()
        private let random: Mutex<SeededRandom>
        private let nodes: [(node: LedgerNode, wire: SimulatedWire)]
        private let due: Mutex<[Timestamp]>

        init(_ engine: Engine, perSecond: Int, messages: Int, seed: UInt64, slowest: Int64) throws {
            let house = try LedgerHouse(engine)
            self.house = house
            random = Mutex(SeededRandom(seed: seed))
            let (clock, arrivals) = (self.clock, self.arrivals)
            nodes = (0..<2).map { number in
                let wire = SimulatedWire(
                    clock: clock, arrivals: arrivals, random: SeededRandom(seed: seed &+ UInt64(number) &+ 1))
                return (
                    LedgerNode(
                        house, owner: "node-\(number)", clock: clock, client: wire, url: "http://127.0.0.1/",
                        host: "127.0.0.1", perSecond: perSecond), wire
                )
            }
            due = Mutex([clock.now(), clock.now()])
            _ = try Planner(house.context).plan((0..<messages).map { house.draft("pace:\($0)") })
            for (node, wire) in nodes {
                node.pauses.always { [weak self] step in
                    self?.pass(atMost: step.isOfOneMessage ? slowest / 16 : slowest)
                    // The client has a thread of its own.
                    wire.run()
                }
            }
        }

        private func pass(atMost milliseconds: Int64) {
            clock.advance(by: random.withLock { $0.delay(atMost: milliseconds) })
        }

        /// Lets both nodes work until so much time has passed.
        func run(for span: Timestamp.Span) throws {
            let end = clock.sinceBoot() + span
            while clock.sinceBoot() < end {
                clock.advance(by: .milliseconds(2))
                for index in nodes.indices { try work(index) }
            }
        }

        /// One node is stopped in the middle of a turn for longer than its lease, and the other takes over.
        func handOver(from index: Int, before step: LedgerNode.Step) throws {
            let failure = Mutex<(any Error)?>(nil)
            nodes[index].node.pauses.once(before: step) { [self] in
                do {
                    clock.advance(by: .seconds(7))
                    try house.endLeases()
                    let end = clock.sinceBoot() + .seconds(3)
                    while clock.sinceBoot() < end {
                        clock.advance(by: .milliseconds(2))
                        try work(1 - index)
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
            }
            try run(for: .seconds(2))
            if let error = failure.withLock({ $0 }) { throw error }
        }

        private func work(_ index: Int) throws {
            let (node, wire) = nodes[index]
            wire.run()
            if try node.recorder.record() > 0 { due.withLock { $0[index] = clock.now() } }
            guard due.withLock({ $0[index] }) <= clock.now() else { return }
            let next = try node.dispatcher.turn().next ?? clock.now() + .seconds(1)
            due.withLock { $0[index] = min(next, clock.now() + .seconds(1)) }
        }
    }

    @Test(arguments: TestDatabase.engines, [UInt64(1), 2, 3])
    func `never is above the limit in any second, whatever is slow and whoever sends`(
        _ engine: Engine, _ seed: UInt64
    ) throws {
        let race = try Race(engine, perSecond: 20, messages: 400, seed: seed, slowest: 60)
        try race.run(for: .seconds(2))
        let steps: [LedgerNode.Step] = [.submit, .start, .build, .claim]
        for (index, step) in steps.enumerated() { try race.handOver(from: index % 2, before: step) }
        #expect(race.arrivals.mostInASecond <= 20)
        #expect(race.arrivals.all.count > 60)
    }

    @Test(arguments: [80, 1000])
    func `reaches nine tenths of the limit when nothing stalls`(_ perSecond: Int) throws {
        let race = try Race(.sqlite, perSecond: perSecond, messages: perSecond * 4, seed: 9, slowest: 8)
        try race.run(for: .milliseconds(3100))
        let times = race.arrivals.all
        let start = try #require(times.first)
        // The first second begins with every place free; the pace is what comes after it.
        let steady = times.filter { $0 - start >= .seconds(1) && $0 - start < .seconds(3) }
        #expect(steady.count >= perSecond * 2 * 9 / 10)
        #expect(race.arrivals.mostInASecond <= perSecond)
    }
}
