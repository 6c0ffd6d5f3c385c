import CNet
import Core
import Synchronization

/// From answers to bytes.
extension EventLoop {
    /// Begins to send. An upload that is not whole is given up: its rest is not read, so nothing can follow it.
    func answer(_ connection: Connection, _ response: EncodedResponse) {
        core.counters.count(response.status)
        if let upload = connection.upload {
            upload.stream.fail()
            connection.upload = nil
            connection.closesAfterAnswer = true
        }
        releaseBody(connection)
        connection.closesAfterAnswer = connection.closesAfterAnswer || response.closes
        for piece in response.pieces { connection.output.add(piece) }
        connection.move(to: .answering)
        guard let (stream, framing) = response.stream else { return }
        connection.stream = (stream, framing)
        let (mailbox, token) = (mailbox, connection.token)
        stream.attach { mailbox.post(.streamReady(token)) }
        if core.isStopping.load(ordering: .relaxed), stream.isFed { stream.finish() }
    }

    /// Answers what could not be read as a request; nothing more is read as one on this connection.
    ///
    /// - Parameter head: where it was read: the answer to HEAD has no body.
    func refuse(_ connection: Connection, _ refusal: RequestRefusal, head: RequestHead? = nil) {
        let target = head?.target.raw ?? Self.target(in: connection.unread)
        var response = core.dispatch.refusal(refusal, target)
        if refusal.status == 405 { response.headers["Allow"] = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT" }
        turnAway(connection, response, head)
    }

    /// 503 and close.
    func turnAway(_ connection: Connection, _ head: RequestHead) {
        turnAway(connection, core.unavailable(head.target.raw), head)
    }

    /// The second word of what came, where a request line begins like one.
    private static func target(in bytes: ArraySlice<UInt8>) -> String? {
        let words = bytes.prefix { $0 != 0x0d && $0 != 0x0a }.split(separator: 0x20, maxSplits: 2)
        guard words.count > 1, words[1].first == UInt8(ascii: "/") else { return nil }
        return String(decoding: words[1], as: UTF8.self)
    }

    private func turnAway(_ connection: Connection, _ response: Response, _ head: RequestHead?) {
        core.counters.refused.add(1, ordering: .relaxed)
        connection.dropInput()
        var form = head.map { ReplyForm($0) } ?? .refusal
        form.keepsAlive = false
        answer(connection, core.encoder.encode(response, for: form))
    }

    /// Sends what waits. True when the phase moved on and there may be more to do.
    func flush(_ connection: Connection) -> Bool {
        if connection.isHungUp, let (stream, _) = connection.stream, stream.isFed {
            // A reader of events that has gone would only be noticed at the next event.
            close(connection)
            return false
        }
        guard connection.isWritable else { return false }
        switch connection.output.flush(to: connection.descriptor, sent: &connection.moved) {
        case .blocked:
            connection.isWritable = false
            return false
        case .broken:
            close(connection)
            return false
        case .empty: break
        }
        guard case .answering = connection.phase else { return false }
        if connection.stream != nil { return takeFromStream(connection) }
        finishAnswer(connection)
        return true
    }

    private func takeFromStream(_ connection: Connection) -> Bool {
        guard let (stream, framing) = connection.stream else { return false }
        guard case .pieces(let pieces, let isLast) = stream.take() else {
            close(connection)
            return false
        }
        let total = pieces.reduce(0) { $0 + $1.count }
        switch framing {
        case .chunks:
            if total > 0 { connection.output.add(Array("\(String(total, radix: 16))\r\n".utf8)) }
            pieces.forEach { connection.output.add($0) }
            if total > 0 { connection.output.add([0x0d, 0x0a]) }
            if isLast { connection.output.add(Array("0\r\n\r\n".utf8)) }
        case .length(let missing):
            guard total <= missing, !isLast || total == missing else {
                // More or less than was promised: either would make the client misread what follows.
                close(connection)
                return false
            }
            pieces.forEach { connection.output.add($0) }
            connection.stream = (stream, .length(missing - total))
        case .untilClose: pieces.forEach { connection.output.add($0) }
        }
        if isLast { connection.stream = nil }
        return total > 0 || isLast
    }

    /// The answer is with the kernel: the next request, or the end.
    private func finishAnswer(_ connection: Connection) {
        if connection.isAtEnd { return close(connection) }
        if connection.closesAfterAnswer {
            cnet_shut_down_sending(connection.descriptor)
            connection.dropInput()
            connection.move(to: .lingering)
        } else {
            connection.move(to: .idle)
        }
    }
}
