import Core

/// A failure that comes again and again while its cause stays: said at once, then once a minute, and when it is over.
struct RepeatedFailure {
    private static let pause = Timestamp.Span.minutes(1)

    private var last: (words: String, saidAt: Timestamp.Span)?

    var isNew: Bool { last == nil }

    /// Whether to say it now.
    /// - Parameter now: since the machine's start.
    mutating func isToBeSaid(_ error: any Error, at now: Timestamp.Span) -> Bool {
        let words = String(describing: error)
        if let last, last.words == words, now - last.saidAt < Self.pause { return false }
        last = (words, now)
        return true
    }

    /// - Returns: whether there was a failure that is over now.
    mutating func isOver() -> Bool {
        defer { last = nil }
        return last != nil
    }
}
