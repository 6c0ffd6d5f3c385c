import App
import Core
import Synchronization
import TestSupport
import Testing

/// How the background threads end.
@Suite struct `The workforce` {
    private final class Inbox: Sendable {
        let waiting = Monitor<[String]>([])
        let recorded = Mutex<[String]>([])
    }

    @Test func `lets in the answers to what was sent, after the last work was begun`() throws {
        let workforce = Workforce()
        let inbox = Inbox()
        let turns = Monitor(0)
        workforce.add(
            WorkLoop("sender", clock: SystemClock(), log: TestDatabase.quiet, longestSleep: .seconds(60)) {
                turns.withLock { $0 += 1 }
                turns.wakeAll()
                return nil
            })
        try workforce.run(
            "answers",
            {
                while true {
                    let some = inbox.waiting.wait { waiting -> [String]? in
                        defer { waiting = [] }
                        return waiting.isEmpty && !workforce.isEnding ? nil : waiting
                    }
                    if some.isEmpty { return }
                    inbox.recorded.withLock { $0 += some }
                }
            }, unblock: { inbox.waiting.wakeAll() })
        try workforce.start()
        #expect(turns.wait(atMost: .seconds(20)) { $0 > 0 ? () : nil } != nil)
        workforce.stop {
            #expect(workforce.isStopping && !workforce.isEnding)
            inbox.waiting.withLock { $0.append("an answer") }
            inbox.waiting.wakeAll()
        }
        #expect(workforce.isEnding)
        #expect(inbox.recorded.withLock { $0 } == ["an answer"])
    }
}
