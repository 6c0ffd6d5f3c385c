import Glibc

/// Where the program gets its time from. Tests use a `FixedClock`; nothing else in the house asks the system.
package protocol Clock: Sendable {
    /// Wall time (CLOCK_REALTIME): for what is stored and shown.
    func now() -> Timestamp
    /// Time since boot that also runs while the machine is suspended (CLOCK_BOOTTIME): for deadlines.
    func sinceBoot() -> Timestamp.Span
}

package struct SystemClock: Clock {
    package init() {}

    package func now() -> Timestamp { Timestamp(milliseconds: Self.read(CLOCK_REALTIME)) }
    package func sinceBoot() -> Timestamp.Span { Timestamp.Span(milliseconds: Self.read(CLOCK_BOOTTIME)) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var spec = timespec()
        clock_gettime(clock, &spec)
        return Int64(spec.tv_sec) * 1000 + Int64(spec.tv_nsec) / 1_000_000
    }
}
