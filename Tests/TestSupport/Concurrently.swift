import Core
import Synchronization

/// Work on several threads of our own at once, as the server's workers do it.
package struct Concurrently: Sendable {
    private let threads: [Thread]
    private let failures: Failures

    private final class Failures: Sendable {
        let first = Mutex<(any Error)?>(nil)
    }

    /// Starts `count` threads; each is given its number from 0.
    package init(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
        let failures = Failures()
        threads = try (0..<count).map { number in
            try Thread.start("test-\(number)") {
                do { try body(number) } catch { failures.first.withLock { $0 = $0 ?? error } }
            }
        }
        self.failures = failures
    }

    /// Waits for all of them and throws the first error that one of them met.
    package func finish() throws {
        for thread in threads { thread.join() }
        if let error = failures.first.withLock({ $0 }) { throw error }
    }

    /// Starts `count` threads and waits for them.
    package static func run(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
        try Concurrently(count, body).finish()
    }
}
