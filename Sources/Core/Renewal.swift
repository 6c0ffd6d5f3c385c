/// Does something every so often on a thread of its own, until it is ended: for what is held only as long as it is
/// renewed.
package final class Renewal: Sendable {
    private let isDone: Monitor<Bool>
    private let thread: Thread

    /// - Parameter renew: first called after `span`. What fails in it is tried again the next time.
    package init(
        _ name: String, every span: Timestamp.Span, _ renew: @escaping @Sendable () throws -> Void
    ) throws(Thread.StartError) {
        let isDone = Monitor(false)
        self.isDone = isDone
        thread = try Thread.start(name) {
            while isDone.wait(atMost: span, for: { $0 ? () : nil }) == nil { try? renew() }
        }
    }

    /// Waits for a call that is under way. To be called once.
    package func end() {
        isDone.withLock { $0 = true }
        isDone.wakeAll()
        thread.join()
    }
}
