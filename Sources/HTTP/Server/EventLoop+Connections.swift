import CNet
import Core
import Glibc
import Synchronization

/// The connections' coming and going.
extension EventLoop {
    func connection(_ token: ConnectionToken) -> Connection? {
        guard token.descriptor < connections.count, let connection = connections[token.descriptor],
            connection.token == token
        else { return nil }
        return connection
    }

    func accept() {
        guard let listener else { return }
        var peer = [UInt8](repeating: 0, count: 16)
        while true {
            let descriptor = cnet_accept(listener, &peer)
            guard descriptor >= 0 else {
                if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(-descriptor) { pauseAccepting(listener) }
                return
            }
            guard count < connectionLimit else {
                core.counters.refused.add(1, ordering: .relaxed)
                cnet_close(descriptor)
                continue
            }
            open(descriptor, IPAddress(bytes: peer))
        }
    }

    private func open(_ descriptor: Int32, _ peer: IPAddress) {
        generation &+= 1
        if generation == 0 { generation = 1 }
        let token = ConnectionToken(descriptor: descriptor, generation: generation)
        guard cnet_watch_edges(epoll, descriptor, token.raw) == 0 else { return cnet_close(descriptor) }
        let missing = Int(descriptor) + 1 - connections.count
        if missing > 0 { connections.append(contentsOf: repeatElement(nil, count: missing)) }
        let connection = Connection(descriptor: descriptor, token: token, peer: peer, limits: limits)
        connections[Int(descriptor)] = connection
        count += 1
        core.counters.openConnections.add(1, ordering: .relaxed)
        setTimer(connection)
    }

    func close(_ connection: Connection) {
        guard !connection.isClosed else { return }
        connection.isClosed = true
        connection.stream?.0.close()
        connection.upload?.stream.fail()
        releaseBody(connection)
        connections[Int(connection.descriptor)] = nil
        count -= 1
        core.counters.openConnections.subtract(1, ordering: .relaxed)
        cnet_close(connection.descriptor)
    }

    func releaseBody(_ connection: Connection) {
        heldBodies -= connection.heldBytes
        connection.heldBytes = 0
    }

    /// With no descriptor left, a listener that stays watched would turn the loop in circles.
    private func pauseAccepting(_ listener: Int32) {
        _ = cnet_unwatch(epoll, listener)
        acceptsAgainAt = now + 100
    }

    func resumeAccepting() {
        guard let again = acceptsAgainAt, now >= again, let listener else { return }
        acceptsAgainAt = nil
        _ = cnet_watch(epoll, listener, ConnectionToken.listener.raw)
    }

    func stop() {
        guard stopsAt == nil else { return }
        stopsAt = now + limits.stopTime.milliseconds
        accept()
        if let listener { cnet_close(listener) }
        listener = nil
        acceptsAgainAt = nil
        for case let connection? in connections {
            if case .answering = connection.phase, let (stream, _) = connection.stream, stream.isFed { stream.finish() }
            drive(connection)
        }
    }
}
