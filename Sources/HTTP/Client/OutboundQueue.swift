import Core
import Synchronization

/// Jobs between the threads that submit and the one that transfers. Sends and repeatable calls have slots of their
/// own, so that a slow list of templates never holds up a message.
///
/// The lock may be taken by any thread, for moments; no completion is called under it.
final class OutboundQueue: Sendable {
    private struct Lane {
        var running = 0
        var waiting: [OutboundJob] = []

        mutating func take(
            slots: Int, at now: Timestamp.Span, into work: inout Work, dropping isDropped: (OutboundJob) -> Bool
        ) {
            work.dropped += waiting.filter(isDropped)
            waiting.removeAll(where: isDropped)
            var kept: [OutboundJob] = []
            for job in waiting {
                if let start = job.request.departAfter, start > now {
                    work.nextStart = min(work.nextStart ?? start, start)
                    kept.append(job)
                } else if running < slots {
                    work.ready.append(job)
                    running += 1
                } else {
                    work.isWaiting = true
                    kept.append(job)
                }
            }
            waiting = kept
        }
    }

    private struct State {
        var sends = Lane()
        var others = Lane()
        var isClosed = false
    }

    /// What the loop has to do next.
    struct Work {
        var ready: [OutboundJob] = []
        var dropped: [OutboundJob] = []
        /// Some wait for a slot.
        var isWaiting = false
        /// When the first that waits for its time may start, by time since boot.
        var nextStart: Timestamp.Span?
        var isClosed = false
    }

    private let slots: Int
    private let state = Mutex(State())

    init(slots: Int) { self.slots = slots }

    var freeSlots: Int {
        state.withLock { max(0, slots - $0.sends.running - $0.sends.waiting.count) }
    }

    /// False when the queue is closed; the job is not taken.
    func add(_ job: OutboundJob) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state[keyPath: Self.lane(of: job)].waiting.append(job)
            return true
        }
    }

    /// Takes what may start, and what has waited past its deadline or, once closed, still waits.
    func take(now: Timestamp.Span) -> Work {
        state.withLock { state in
            let isClosed = state.isClosed
            var work = Work(isClosed: isClosed)
            let isDropped = { (job: OutboundJob) in
                isClosed || now - job.submittedAt >= job.request.deadline
            }
            state.sends.take(slots: slots, at: now, into: &work, dropping: isDropped)
            state.others.take(slots: slots, at: now, into: &work, dropping: isDropped)
            return work
        }
    }

    /// Gives the slot of a job taken as ready back.
    func finished(_ job: OutboundJob) {
        state.withLock { $0[keyPath: Self.lane(of: job)].running -= 1 }
    }

    func close() {
        state.withLock { $0.isClosed = true }
    }

    private static func lane(of job: OutboundJob) -> WritableKeyPath<State, Lane> {
        job.request.repeatable ? \.others : \.sends
    }
}
