import App
import Core
import Messaging
import Synchronization
import TestSupport
import Testing

/// How one node's news reach the loops of all.
@Suite struct `Wake-ups` {
    private final class Wire: Sendable {
        let calls = Monitor<[Set<String>]>([])
    }

    private func counting(_ turns: Monitor<Int>, _ workforce: Workforce) {
        workforce.add(
            WorkLoop("test", clock: SystemClock(), log: TestDatabase.quiet, longestSleep: .seconds(60)) {
                turns.withLock { $0 += 1 }
                turns.wakeAll()
                return nil
            }, wokenBy: .messages)
    }

    @Test func `wake the loops here at once, whoever they come from`() throws {
        let workforce = Workforce()
        let turns = Monitor(0)
        counting(turns, workforce)
        let wakes = Wakes(workforce, log: TestDatabase.quiet)
        try workforce.start()
        #expect(turns.wait(atMost: .seconds(20)) { $0 >= 1 ? () : nil } != nil)
        wakes.wake(.messages)
        #expect(turns.wait(atMost: .seconds(20)) { $0 >= 2 ? () : nil } != nil)
        wakes.heard("messages")
        #expect(turns.wait(atMost: .seconds(20)) { $0 >= 3 ? () : nil } != nil)
        wakes.heard("a topic of a later release")
        workforce.stop()
    }

    @Test func `reach the other nodes together, and none of them is lost`() throws {
        let workforce = Workforce()
        let wire = Wire()
        let wakes = Wakes(workforce, log: TestDatabase.quiet) { topics in
            wire.calls.withLock { $0.append(topics) }
            wire.calls.wakeAll()
        }
        let start = SystemClock().sinceBoot()
        try wakes.start()
        for _ in 0..<500 {
            wakes.wake(.messages)
            wakes.wake(.events)
        }
        wakes.wake(.jobs)
        let heard = wire.calls.wait(atMost: .seconds(20)) { calls in
            calls.reduce(into: Set<String>()) { $0.formUnion($1) }.count == 3 ? calls.count : nil
        }
        let took = SystemClock().sinceBoot() - start
        // One each 50 ms, and the first at once.
        #expect(try #require(heard) <= took.milliseconds / 50 + 1)
        wakes.wake(.deliveries)
        workforce.stop()
        #expect(wire.calls.withLock { $0.last } == ["deliveries"])
    }

    @Test func `that cannot be announced wake the loops here all the same`() throws {
        struct Away: Error {}
        let workforce = Workforce()
        let turns = Monitor(0)
        counting(turns, workforce)
        let wakes = Wakes(workforce, log: TestDatabase.quiet) { _ in throw Away() }
        try wakes.start()
        try workforce.start()
        #expect(turns.wait(atMost: .seconds(20)) { $0 >= 1 ? () : nil } != nil)
        wakes.wake(.messages)
        #expect(turns.wait(atMost: .seconds(20)) { $0 >= 2 ? () : nil } != nil)
        workforce.stop()
    }
}
