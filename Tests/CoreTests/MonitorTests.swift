import Core
import Testing

/// Waiting between threads of our own.
struct MonitorTests {
    @Test func `what one thread puts another gets`() throws {
        let box = Monitor<[Int]>([])
        let thread = try Thread.start("test") {
            for number in 0..<1000 {
                box.withLock { $0.append(number) }
                box.wakeOne()
            }
        }
        var seen: [Int] = []
        while seen.count < 1000 {
            seen += box.wait { state in
                defer { state = [] }
                return state.isEmpty ? nil : state
            }
        }
        thread.join()
        #expect(seen == Array(0..<1000))
    }

    @Test func `a wait with a limit ends without a value`() {
        let never = Monitor(false)
        #expect(never.wait(atMost: .milliseconds(20)) { $0 ? true : nil } == nil)
        #expect(never.wait(atMost: .milliseconds(20)) { $0 ? nil : true } == true)
    }

    @Test func `all who wait are woken together`() throws {
        let gate = Monitor((isOpen: false, passed: 0))
        let threads = try (0..<8).map { _ in
            try Thread.start("test") {
                gate.wait { $0.isOpen ? () : nil }
                gate.withLock { $0.passed += 1 }
            }
        }
        gate.withLock { $0.isOpen = true }
        gate.wakeAll()
        threads.forEach { $0.join() }
        #expect(gate.withLock { $0.passed } == 8)
    }
}
