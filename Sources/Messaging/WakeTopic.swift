/// The kinds of work that somebody may be woken for. A wake-up may be lost: whoever sleeps also looks by itself when
/// the database says that something is due.
package enum WakeTopic: String, Sendable, CaseIterable {
    case deliveries, events, messages, jobs
}
