import Glibc

/// A value behind a lock that threads can also wait on: for queues between threads of our own.
///
/// Never wait in a function of Swift's cooperative pool: it has one thread per core and would starve.
/// Nothing slow and no other lock belongs inside the closures.
package final class Monitor<State: Sendable>: @unchecked Sendable {
    // Unchecked holds because `state` is only touched between lock and unlock of `mutex`.
    private var state: State
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Works on the value without waking anybody; follow with `wakeOne` or `wakeAll` where somebody may wait for it.
    package func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    package func wakeOne() { pthread_cond_signal(changed) }
    package func wakeAll() { pthread_cond_broadcast(changed) }

    /// Blocks until `ready` gives a value; it is asked at once and after each wake-up.
    package func wait<Result>(for ready: (inout State) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = ready(&state) { return result }
            pthread_cond_wait(changed, mutex)
        }
    }

    /// As `wait(for:)`, but nil when `limit` has passed without a value.
    package func wait<Result>(atMost limit: Timestamp.Span, for ready: (inout State) -> Result?) -> Result? {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let nanoseconds = end.tv_nsec + Int(limit.milliseconds % 1000) * 1_000_000
        end.tv_sec += Int(limit.milliseconds / 1000) + nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = ready(&state) { return result }
            if pthread_cond_timedwait(changed, mutex, &end) == ETIMEDOUT { return ready(&state) }
        }
    }
}
