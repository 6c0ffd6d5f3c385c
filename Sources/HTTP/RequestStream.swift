import Core

/// The body of a request to a streaming route: the event loop puts pieces in, the handler reads them.
package final class RequestStream: Sendable {
    /// The body will not come whole: the client went away, was too slow, or broke the framing or the limit.
    package struct Broken: Error, Sendable {}

    private struct State: Sendable {
        var pieces: [[UInt8]] = []
        var waiting = 0
        var isComplete = false
        var isBroken = false
        /// Asks the event loop for more, once it has been told to hold.
        var resume: (@Sendable () -> Void)?
    }

    private let state = Monitor(State())
    /// Bytes that may wait for the handler before the connection is not read any further.
    private let capacity: Int

    init(capacity: Int = 256 << 10) { self.capacity = capacity }

    /// A stream that already holds all of `body`: for handlers called without a server.
    package convenience init(whole body: [UInt8]) {
        self.init()
        _ = put(body, resume: {})
        complete()
    }

    /// The next piece, of any size; nil after the last. Blocks until the client has sent it.
    package func read() throws(Broken) -> [UInt8]? {
        let (piece, resume): ([UInt8]?, (@Sendable () -> Void)?) = try wait()
        resume?()
        return piece
    }

    private func wait() throws(Broken) -> ([UInt8]?, (@Sendable () -> Void)?) {
        let next: Next = state.wait { state in
            if state.isBroken { return .broken }
            if !state.pieces.isEmpty {
                let piece = state.pieces.count == 1 ? state.pieces[0] : Array(state.pieces.joined())
                state.pieces = []
                state.waiting = 0
                let resume = state.resume
                state.resume = nil
                return .piece(piece, resume)
            }
            return state.isComplete ? .end : nil
        }
        switch next {
        case .broken: throw Broken()
        case .end: return (nil, nil)
        case .piece(let piece, let resume): return (piece, resume)
        }
    }

    private enum Next {
        case broken
        case end
        case piece([UInt8], (@Sendable () -> Void)?)
    }
}

/// The connection's side.
extension RequestStream {
    /// False when the handler is behind: read no further until `resume` is called, on the handler's thread.
    func put(_ piece: [UInt8], resume: @escaping @Sendable () -> Void) -> Bool {
        let hasRoom = state.withLock { state in
            if !piece.isEmpty { state.pieces.append(piece) }
            state.waiting += piece.count
            guard state.waiting >= self.capacity else { return true }
            state.resume = resume
            return false
        }
        state.wakeAll()
        return hasRoom
    }

    func complete() {
        state.withLock { $0.isComplete = true }
        state.wakeAll()
    }

    func fail() {
        state.withLock { $0.isBroken = true }
        state.wakeAll()
    }
}
