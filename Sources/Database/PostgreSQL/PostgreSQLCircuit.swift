import Core
import SQL

/// Keeps callers from queueing at a server that is away: after a failed connect all are refused at once, until one of
/// them tries again; the times between tries double from 0.1 s to 2 s.
struct PostgreSQLCircuit {
    private enum State {
        case closed
        /// - Parameter nextDelay: in milliseconds, if the next try fails too.
        case broken(until: Timestamp.Span, DatabaseError, nextDelay: Int64)
        case trying(DatabaseError, nextDelay: Int64)
    }

    private var state = State.closed

    private static let firstDelay: Int64 = 100
    private static let longestDelay: Int64 = 2000
    private static let pauseAfterSilence: Int64 = 1000

    /// Why the caller may not connect now. When it is nil the caller has to connect and tell of the outcome.
    mutating func refusal(at now: Timestamp.Span) -> DatabaseError? {
        switch state {
        case .closed: return nil
        case .trying(let error, _): return error
        case .broken(let until, let error, let nextDelay):
            guard now >= until else { return error }
            state = .trying(error, nextDelay: nextDelay)
            return nil
        }
    }

    /// - Returns: whether this is the first failure since all was well.
    mutating func failed(_ error: DatabaseError, at now: Timestamp.Span) -> Bool {
        let (delay, isFirst) =
            switch state {
            case .closed: (Self.firstDelay, true)
            case .broken(_, _, let nextDelay), .trying(_, let nextDelay): (nextDelay, false)
            }
        // Spread out, so that the nodes of a cluster do not all come back at once.
        let until = now + .milliseconds(Int64.random(in: delay / 2...delay))
        state = .broken(until: until, error, nextDelay: min(delay * 2, Self.longestDelay))
        return isFirst
    }

    /// The server was silent on an open connection: one caller finds out whether it is there, in a moment. Whoever waited
    /// for this answer has waited enough, and is refused whatever else it asks.
    mutating func suspect(_ error: DatabaseError, at now: Timestamp.Span) {
        let soon = now + .milliseconds(Self.pauseAfterSilence)
        switch state {
        case .closed: state = .broken(until: soon, error, nextDelay: Self.firstDelay)
        case .broken(let until, let error, let delay):
            state = .broken(until: max(until, soon), error, nextDelay: delay)
        case .trying: break
        }
    }

    /// - Returns: whether the server had been away.
    mutating func succeeded() -> Bool {
        defer { state = .closed }
        if case .closed = state { return false }
        return true
    }
}
