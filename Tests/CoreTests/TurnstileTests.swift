import Core
import Synchronization
import TestSupport
import Testing

@Suite struct TurnstileTests {
    @Test func `no more are in at once than it is wide, and all who wait get in`() throws {
        let turnstile = Turnstile(width: 2, queue: 100)
        let counts = Mutex((inside: 0, most: 0, all: 0))
        try Concurrently.run(16) { _ in
            for _ in 0..<50 {
                try turnstile.pass {
                    counts.withLock { counts in
                        counts.inside += 1
                        counts.most = max(counts.most, counts.inside)
                        counts.all += 1
                    }
                    counts.withLock { $0.inside -= 1 }
                }
            }
        }
        #expect(counts.withLock { $0.all } == 800)
        #expect(counts.withLock { $0.most } <= 2)
    }

    @Test func `who comes when as many wait as may is turned away`() throws {
        let turnstile = Turnstile(width: 1, queue: 1)
        let gate = Monitor(false)
        let first = try Concurrently(1) { _ in
            try turnstile.pass { gate.wait { $0 ? () : nil } }
        }
        let second = try Concurrently(1) { _ in
            // The first may not be in yet: then this one is, and the first waits. Either way one is in and one waits.
            try turnstile.pass { gate.wait { $0 ? () : nil } }
        }
        while turnstile.waiting == 0 {}
        #expect(throws: Turnstile.Full.self) { try turnstile.pass {} }
        gate.withLock { $0 = true }
        gate.wakeAll()
        try first.finish()
        try second.finish()
        try turnstile.pass {}
    }

    @Test func `an error leaves the place free`() throws {
        struct Wrong: Error {}
        let turnstile = Turnstile(width: 1, queue: 0)
        #expect(throws: Wrong.self) { try turnstile.pass { throw Wrong() } }
        try turnstile.pass {}
    }
}
