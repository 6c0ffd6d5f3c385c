import CNet
import Core
import Glibc
import Synchronization

/// From bytes to requests.
extension EventLoop {
    /// Reads once where there is something to read and somebody to take it. True when that made progress possible.
    func fill(_ connection: Connection) -> Bool {
        guard connection.isReadable, connection.wantsInput else { return false }
        let count = cnet_receive(connection.descriptor, scratch.baseAddress, scratch.count)
        if count <= 0 {
            connection.isReadable = false
            if count == -Int(EAGAIN) { return false }
            connection.isAtEnd = true
            endOfInput(connection)
            return false
        }
        // A short read says that there is no more now; but behind a hang-up there is still the end to be read.
        if count < scratch.count, !connection.isHungUp { connection.isReadable = false }
        connection.moved += count
        if case .lingering = connection.phase { return true }
        connection.add(scratch[..<count])
        return true
    }

    /// The peer sends no more. It may still read: a request that is whole gets its answer.
    private func endOfInput(_ connection: Connection) {
        switch connection.phase {
        case .idle, .head, .collecting, .lingering: close(connection)
        case .working:
            connection.upload?.stream.fail()
            connection.upload = nil
            connection.closesAfterAnswer = true
        case .answering: break
        }
    }

    /// Uses what was read, as far as the phase allows. True when something changed.
    func advance(_ connection: Connection) -> Bool {
        switch connection.phase {
        case .idle:
            guard !connection.unread.isEmpty else { return false }
            connection.move(to: .head)
            return true
        case .head: return readHead(connection)
        case .collecting(let collecting): return collect(connection, collecting)
        case .working: return passOn(connection)
        case .answering, .lingering: return false
        }
    }

    private func readHead(_ connection: Connection) -> Bool {
        do throws(RequestRefusal) {
            guard let end = try connection.scanner.end(in: connection.unread) else { return false }
            let bytes = connection.unread.dropFirst(connection.scanner.start).prefix(end - connection.scanner.start)
            let head = try RequestHead(bytes, limits)
            connection.scanner = HeadScanner(limits)
            connection.use(end)
            do throws(RequestRefusal) {
                try begin(connection, head)
            } catch {
                refuse(connection, error, head: head)
            }
        } catch {
            refuse(connection, error)
        }
        return true
    }

    /// The head is read: finds out what to do with the request before its body comes.
    private func begin(_ connection: Connection, _ head: RequestHead) throws(RequestRefusal) {
        guard !core.isStopping.load(ordering: .relaxed) else { return turnAway(connection, head) }
        switch core.dispatch.plan(head) {
        case .answer(let response):
            if case .produced = response.body {
                let route = Route(head.method, head.target.path, .public) { _, _ in response }
                return submit(connection, head, route, [:], core.clock.now(), body: [])
            }
            var form = ReplyForm(head)
            // A body that nobody wants is not read, so what follows it cannot be a request.
            if head.framing != .none { form.keepsAlive = false }
            answer(connection, core.encoder.encode(response, for: form))
        case .run(let route, let parameters):
            let receivedAt = core.clock.now()
            let reader = try BodyReader(head.framing, limit: route.bodyLimit, limits)
            guard let reader, !reader.isComplete else {
                return submit(connection, head, route, parameters, receivedAt, body: [])
            }
            switch route.kind {
            case .normal:
                invite(connection, head)
                connection.move(
                    to: .collecting(
                        .init(head: head, route: route, parameters: parameters, receivedAt: receivedAt, reader: reader))
                )
            case .streaming:
                let upload = RequestStream()
                connection.upload = .init(stream: upload, reader: reader)
                submit(connection, head, route, parameters, receivedAt, body: [], upload: upload)
                if case .working = connection.phase { invite(connection, head) }
            }
        }
    }

    /// 100 Continue, unless the body is coming already.
    private func invite(_ connection: Connection, _ head: RequestHead) {
        guard head.expectsContinue, connection.unread.isEmpty else { return }
        connection.output.add(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }

    private func collect(_ connection: Connection, _ collecting: Connection.Collecting) -> Bool {
        guard !connection.unread.isEmpty else { return false }
        do throws(RequestRefusal) {
            let before = collecting.body.count
            connection.use(try collecting.reader.read(connection.unread, into: &collecting.body))
            let grown = collecting.body.count - before
            connection.heldBytes += grown
            heldBodies += grown
            guard heldBodies <= heldBodiesLimit else {
                turnAway(connection, collecting.head)
                return true
            }
            if collecting.reader.isComplete {
                submit(
                    connection, collecting.head, collecting.route, collecting.parameters, collecting.receivedAt,
                    body: collecting.body)
            }
        } catch {
            refuse(connection, error, head: collecting.head)
        }
        return true
    }

    /// Gives a streaming route's handler what has come of its body.
    private func passOn(_ connection: Connection) -> Bool {
        guard var upload = connection.upload, !upload.isPaused, !connection.unread.isEmpty else { return false }
        do throws(RequestRefusal) {
            var piece: [UInt8] = []
            connection.use(try upload.reader.read(connection.unread, into: &piece))
            let (mailbox, token) = (mailbox, connection.token)
            let hasRoom = upload.stream.put(piece) { mailbox.post(.resumeUpload(token)) }
            upload.isPaused = !hasRoom
            connection.upload = upload
            if upload.reader.isComplete {
                upload.stream.complete()
                connection.upload = nil
            }
        } catch {
            // The handler learns of it by reading, and its answer is the last on this connection.
            upload.stream.fail()
            connection.upload = nil
            connection.closesAfterAnswer = true
        }
        return true
    }

    private func submit(
        _ connection: Connection, _ head: RequestHead, _ route: Route, _ parameters: [String: String],
        _ receivedAt: Timestamp, body: [UInt8], upload: RequestStream? = nil
    ) {
        let form = ReplyForm(head)
        let isStreaming = route.kind == .streaming
        let exchange = Exchange(
            core: core, route: route,
            request: Request(
                method: head.method, target: head.target, headers: head.headers, body: body, peer: connection.peer,
                upload: isStreaming ? upload ?? RequestStream(whole: []) : nil),
            context: Context(
                id: core.nextRequestID(), clientAddress: connection.peer, receivedAt: receivedAt,
                deadline: core.clock.sinceBoot() + limits.handlerTime, parameters: parameters),
            form: form, mailbox: mailbox, token: connection.token)
        connection.move(to: .working)
        if !exchange.submit() { turnAway(connection, head) }
    }
}
