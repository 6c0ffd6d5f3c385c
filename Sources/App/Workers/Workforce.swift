import Core
import Database
package import Messaging
import SQL
import Store
import Synchronization

/// The threads that work in the background: deliveries, events, messages, answers, jobs, seals, settings.
package final class Workforce: Sendable {
    private let loops = Mutex<[(topic: WakeTopic?, loop: WorkLoop)]>([])
    private let loopThreads = Mutex<[Thread]>([])
    private let waitingThreads = Mutex<[Thread]>([])
    private let stopping = Atomic(false)
    private let ending = Atomic(false)
    private let onStop = Mutex<[@Sendable () -> Void]>([])

    package init() {}

    /// Finish what you are at and begin nothing.
    package var isStopping: Bool { stopping.load(ordering: .acquiring) }
    /// Nothing more will come in: the threads that wait by themselves take what is there and end.
    package var isEnding: Bool { ending.load(ordering: .acquiring) }

    /// Wakes the loops of a topic; safe before they run and after they have stopped.
    package func wake(_ topic: WakeTopic) {
        for entry in loops.withLock({ $0 }) where entry.topic == topic { entry.loop.wake() }
    }

    /// Wakes every loop: what kept them from their work is over.
    package func wakeAll() {
        for entry in loops.withLock({ $0 }) { entry.loop.wake() }
    }

    package func add(_ loop: WorkLoop, wokenBy topic: WakeTopic? = nil) {
        loops.withLock { $0.append((topic, loop)) }
    }

    /// Runs a thread that waits by itself; `unblock` makes it look whether it is to stop.
    package func run(
        _ name: String, _ body: @escaping @Sendable () -> Void, unblock: @escaping @Sendable () -> Void
    ) throws {
        onStop.withLock { $0.append(unblock) }
        let thread = try Thread.start(name, body)
        waitingThreads.withLock { $0.append(thread) }
    }

    package func start() throws {
        for entry in loops.withLock({ $0 }) {
            let thread = try entry.loop.start()
            loopThreads.withLock { $0.append(thread) }
        }
    }

    /// Lets every thread finish what it is at, and waits for it.
    /// - Parameter letIn: waits for the answers to what was sent; the loops send no more, the recorder still listens.
    package func stop(_ letIn: () -> Void = {}) {
        stopping.store(true, ordering: .releasing)
        for entry in loops.withLock({ $0 }) { entry.loop.stop() }
        Self.join(loopThreads)
        letIn()
        ending.store(true, ordering: .releasing)
        for unblock in onStop.withLock({ $0 }) { unblock() }
        Self.join(waitingThreads)
    }

    private static func join(_ threads: borrowing Mutex<[Thread]>) {
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in running { thread.join() }
    }
}
