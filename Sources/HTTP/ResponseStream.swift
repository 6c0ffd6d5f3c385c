import Core

/// A response body that is written while it is sent. Any thread may write; the event loop takes.
///
/// Bytes wait here until the connection has room, up to `capacity`: `write` then blocks, `offer` gives the client up.
package final class ResponseStream: Sendable {
    /// The client is gone, too slow, or the server stops.
    package struct Closed: Error, Sendable {}

    private struct State: Sendable {
        var pieces: [[UInt8]] = []
        var waiting = 0
        var isFinished = false
        var isClosed = false
        /// Tells the connection that there is something to take; nil until the response is being sent.
        var notify: (@Sendable () -> Void)?
        /// Whether `notify` was called since the last `take`: one call is enough for many writes.
        var isNotified = false
    }

    private let capacity: Int
    /// Written from outside, not by a worker's producer: it has no end of its own when the server stops.
    let isFed: Bool
    private let state = Monitor(State())

    /// - Parameter capacity: bytes that may wait for a slow client.
    package convenience init(capacity: Int = 256 << 10) { self.init(capacity: capacity, isFed: true) }

    init(capacity: Int = 256 << 10, isFed: Bool) {
        self.capacity = capacity
        self.isFed = isFed
    }

    package var isOpen: Bool { state.withLock { !$0.isClosed && !$0.isFinished } }

    /// Adds bytes; blocks while the client is behind. For streaming workers only.
    package func write(_ bytes: [UInt8]) throws(Closed) {
        guard !bytes.isEmpty else { return }
        let outcome: Outcome = state.wait { state in
            if state.isClosed || state.isFinished { return .closed }
            guard state.waiting < self.capacity else { return nil }
            return .added(Self.add(bytes, to: &state))
        }
        guard case .added(let notify) = outcome else { throw Closed() }
        notify?()
    }

    /// Adds bytes without ever blocking. False when the client is gone, or so far behind that it is now given up:
    /// the source then forgets this stream.
    package func offer(_ bytes: [UInt8]) -> Bool {
        let outcome: Outcome = state.withLock { state in
            if state.isClosed || state.isFinished { return .closed }
            guard state.waiting + bytes.count <= self.capacity else {
                state.isClosed = true
                return .added(Self.notification(&state))
            }
            return .added(bytes.isEmpty ? nil : Self.add(bytes, to: &state))
        }
        guard case .added(let notify) = outcome else { return false }
        notify?()
        return isOpen
    }

    /// The end of the body; what was written before still goes out.
    package func finish() {
        let notify = state.withLock { state in
            state.isFinished = true
            return Self.notification(&state)
        }
        notify?()
        state.wakeAll()
    }

    /// The body cannot be finished: the connection is cut, so that the client sees that it is not whole.
    package func abandon() {
        let notify = state.withLock { state in
            state.isClosed = true
            return Self.notification(&state)
        }
        notify?()
        state.wakeAll()
    }

    private enum Outcome {
        case closed
        case added((@Sendable () -> Void)?)
    }

    private static func add(_ bytes: [UInt8], to state: inout State) -> (@Sendable () -> Void)? {
        state.pieces.append(bytes)
        state.waiting += bytes.count
        return notification(&state)
    }

    private static func notification(_ state: inout State) -> (@Sendable () -> Void)? {
        guard !state.isNotified, let notify = state.notify else { return nil }
        state.isNotified = true
        return notify
    }
}

/// The connection's side.
extension ResponseStream {
    enum Taken: Sendable {
        case pieces([[UInt8]], isLast: Bool)
        /// Given up or abandoned by its source.
        case broken
    }

    /// From now on `notify` is called, on the writer's thread, when there is something to take.
    func attach(_ notify: @escaping @Sendable () -> Void) {
        state.withLock { $0.notify = notify }
    }

    func take() -> Taken {
        let taken: Taken = state.withLock { state in
            state.isNotified = false
            if state.isClosed { return .broken }
            defer {
                state.pieces = []
                state.waiting = 0
            }
            return .pieces(state.pieces, isLast: state.isFinished)
        }
        state.wakeAll()
        return taken
    }

    /// Nobody reads any more: writers fail from now on.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.pieces = []
            state.notify = nil
        }
        state.wakeAll()
    }
}
