import CNet
import Synchronization

/// How other threads speak to an event loop: messages pile up, and one write to an eventfd wakes it for all of them.
final class Mailbox: Sendable {
    enum Message: Sendable {
        case answer(ConnectionToken, EncodedResponse)
        /// A response stream has bytes, or has ended.
        case streamReady(ConnectionToken)
        /// A handler has room again for its upload.
        case resumeUpload(ConnectionToken)
        case stop
    }

    let descriptor: Int32
    /// Nil once the loop has ended.
    private let messages = Mutex<[Message]?>([])

    init() throws(ServerError) {
        descriptor = cnet_eventfd()
        guard descriptor >= 0 else { throw ServerError("eventfd", status: descriptor) }
    }

    deinit { cnet_close(descriptor) }

    func post(_ message: Message) {
        let waiting = messages.withLock { messages in
            messages?.append(message)
            return messages?.count
        }
        if waiting == 1 { cnet_wake(descriptor) }
        if waiting == nil { Self.drop(message) }
    }

    func takeAll() -> [Message] {
        cnet_drain(descriptor)
        return messages.withLock { messages in
            guard let all = messages else { return [] }
            messages = []
            return all
        }
    }

    /// The loop has ended: what is left and what still comes is dropped, and its writers are told.
    func close() {
        let rest = messages.withLock { messages in
            defer { messages = nil }
            return messages ?? []
        }
        rest.forEach(Self.drop)
    }

    private static func drop(_ message: Message) {
        if case .answer(_, let response) = message { response.stream?.0.close() }
    }
}
