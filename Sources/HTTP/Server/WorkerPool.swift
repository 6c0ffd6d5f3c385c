import Core

/// A fixed number of threads that may block, and the queue in front of them.
final class WorkerPool: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State: Sendable {
        /// Jobs from `first` on are still to be done.
        var jobs: [Job] = []
        var first = 0
        var running = 0
        var isStopped = false

        var waiting: Int { jobs.count - first }

        private mutating func next() -> Job {
            let job = jobs[first]
            first += 1
            if first == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                first = 0
            }
            running += 1
            return job
        }

        /// Nil while there is nothing to do.
        mutating func step() -> Step? {
            if isStopped { return .end }
            return waiting > 0 ? .work(next()) : nil
        }
    }

    private enum Step {
        case work(Job)
        case end
    }

    private let state = Monitor(State())
    /// Jobs at a time, running and waiting together.
    private let room: Int

    /// - Parameter queue: how many jobs may wait when all threads are busy.
    init(_ name: String, threads: Int, queue: Int) throws(Thread.StartError) {
        room = threads + queue
        for _ in 0..<threads {
            let thread = try Thread.start(name) { [state] in Self.work(state) }
            thread.detach()
        }
    }

    deinit { stop() }

    /// False when there is no room: the job is not taken.
    func submit(_ job: @escaping Job) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isStopped, state.running + state.waiting < room else { return false }
            state.jobs.append(job)
            return true
        }
        if isTaken { state.wakeOne() }
        return isTaken
    }

    /// Ends each thread after the job it has; what waits is dropped.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.jobs = []
            state.first = 0
        }
        state.wakeAll()
    }

    private static func work(_ state: Monitor<State>) {
        while case .work(let job) = state.wait(for: { $0.step() }) {
            job()
            state.withLock { $0.running -= 1 }
        }
    }
}
