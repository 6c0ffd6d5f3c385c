import Synchronization

/// Listening to other nodes' announcements; it ends with `stop`, or with the value.
package final class ListenHandle: Sendable {
    private let ending: Mutex<(@Sendable () -> Void)?>

    init(_ end: @escaping @Sendable () -> Void) { ending = Mutex(end) }

    /// Returns when nothing more will be heard. May be called again; not from what hears.
    package func stop() { ending.withLock { $0.take() }?() }

    deinit { stop() }
}
