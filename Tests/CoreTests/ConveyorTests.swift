import Core
import Synchronization
import Testing

@Suite struct `A conveyor` {
    private struct Broken: Error, Equatable {
        let at: Int
    }

    @Test func `uses everything in order on a thread of its own, before it ends`() throws {
        let used = Mutex<[Int]>([])
        let outcome = try Conveyor<Int>.run("test", use: { number in used.withLock { $0.append(number) } }) { belt in
            for number in 0..<1000 { try belt.put(number) }
            return "made"
        }
        #expect(outcome == "made")
        #expect(used.withLock { $0 } == Array(0..<1000))
    }

    @Test func `makes the next ones while one is in use, and not many`() throws {
        let made = Monitor(0)
        let seen = Mutex<[Int]>([])
        try Conveyor<Int>.run(
            "test",
            use: { number in
                // The first is in use until more wait behind it.
                if number == 1 { _ = made.wait { $0 >= 3 ? true : nil } }
                let ahead = made.withLock { $0 } - number
                seen.withLock { $0.append(ahead) }
            },
            make: { belt in
                for number in 1...50 {
                    try belt.put(number)
                    made.withLock { $0 = number }
                    made.wakeAll()
                }
            })
        #expect(seen.withLock { $0.count } == 50)
        #expect(seen.withLock { $0.max() ?? 0 } <= 3)
    }

    @Test func `ends with what its user threw, and uses nothing after that`() throws {
        let used = Mutex(0)
        #expect(throws: Broken(at: 3)) {
            try Conveyor<Int>.run(
                "test",
                use: { number in
                    if number == 3 { throw Broken(at: 3) }
                    used.withLock { $0 += 1 }
                }, make: { belt in for number in 1...100 { try belt.put(number) } })
        }
        #expect(used.withLock { $0 } == 2)
    }

    @Test func `ends with what its maker threw`() throws {
        #expect(throws: Broken(at: 0)) {
            try Conveyor<Int>.run("test", use: { _ in }, make: { _ in throw Broken(at: 0) })
        }
    }
}
