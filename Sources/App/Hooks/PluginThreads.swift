import Core

/// Threads that run one piece of work each at a time; a few that have nothing to do are kept for the next.
final class PluginThreads: Sendable {
    private static let mostIdle = 8

    private let idle = Monitor<[Worker]>([])

    deinit { for worker in idle.withLock({ $0 }) { worker.end() } }

    /// Runs `work` on a thread that nobody else uses meanwhile, however many are busy. Returns at once.
    func run(_ work: @escaping @Sendable () -> Void) throws(Thread.StartError) {
        let kept = idle.withLock { $0.popLast() }
        let worker: Worker
        if let kept { worker = kept } else { worker = try Worker.start() }
        worker.take { [weak self, weak worker] in
            work()
            guard let worker else { return }
            if self?.keep(worker) != true { worker.end() }
        }
    }

    private func keep(_ worker: Worker) -> Bool {
        idle.withLock { idle in
            guard idle.count < Self.mostIdle else { return false }
            idle.append(worker)
            return true
        }
    }

    /// A thread with its letter box.
    private final class Worker: Sendable {
        private enum Task: Sendable {
            case work(@Sendable () -> Void)
            case end
        }

        private let box = Monitor<[Task]>([])

        static func start() throws(Thread.StartError) -> Worker {
            let worker = Worker()
            // The thread holds its worker, so that one that is stuck outlives whoever waited for it.
            try Thread.start("plugin") {
                while true {
                    switch worker.box.wait(for: { $0.isEmpty ? nil : $0.removeFirst() }) {
                    case .work(let work): work()
                    case .end: return
                    }
                }
            }.detach()
            return worker
        }

        func take(_ work: @escaping @Sendable () -> Void) { put(.work(work)) }
        func end() { put(.end) }

        private func put(_ task: Task) {
            box.withLock { $0.append(task) }
            box.wakeOne()
        }
    }
}
