package import Core

/// A kind of work that the host runs for a plugin: every so often, or when asked.
package struct JobDeclaration: Sendable {
    /// Unique: `<plugin>.<word>`.
    package var kind: String
    /// It reaches nobody outside: it also runs where nothing may leave, because this may be a copy of the shop's
    /// database.
    package var runsWhileHeld: Bool
    /// Throwing means: try again later, as `JobFailure` says or by the host's back-off.
    package var run: @Sendable (JobRun) throws -> Void

    private let interval: @Sendable () -> Timestamp.Span?

    /// - Parameter every: read anew at each turn of the host's, so it may be a setting. Nil for work that is only done
    ///   when enqueued, and while it is `off`.
    package init(
        kind: String, every: @autoclosure @escaping @Sendable () -> Timestamp.Span?, runsWhileHeld: Bool = false,
        run: @escaping @Sendable (JobRun) throws -> Void
    ) {
        self.kind = kind
        self.runsWhileHeld = runsWhileHeld
        self.run = run
        interval = every
    }

    /// As it stands now.
    package var every: Timestamp.Span? { interval() }
}

/// One turn of a job. Long work goes in steps: after each it saves how far it came, and asks whether to go on.
package struct JobRun: Sendable {
    package let payload: String
    /// What the last step saved; empty at the first.
    package let progress: String
    package let save: @Sendable (String) throws -> Void
    /// True when the program is stopping: save and return, the job goes on at the next start.
    package let shouldStop: @Sendable () -> Bool

    package init(
        payload: String, progress: String, save: @escaping @Sendable (String) throws -> Void,
        shouldStop: @escaping @Sendable () -> Bool
    ) {
        self.payload = payload
        self.progress = progress
        self.save = save
        self.shouldStop = shouldStop
    }
}

/// A job's own verdict on its failure.
package struct JobFailure: Error, Sendable {
    package enum Retry: Sendable {
        case after(Timestamp.Span)
        case never
    }

    package var retry: Retry
    package var message: String

    package init(_ retry: Retry, message: String) {
        self.retry = retry
        self.message = message
    }
}

/// Hands work to the host.
package protocol Jobs: Sendable {
    /// - Parameter dedupe: while a job with this key waits, asking again changes nothing.
    func enqueue(_ kind: String, payload: String, dedupe: String?, delay: Timestamp.Span) throws
}
