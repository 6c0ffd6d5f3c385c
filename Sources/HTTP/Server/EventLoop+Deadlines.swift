import Core

/// What happens when a peer takes too long.
extension EventLoop {
    func setTimer(_ connection: Connection) {
        let timer = timer(for: connection)
        if timer != connection.timer {
            connection.timer = timer
            connection.moved = 0
            connection.deadline = timer == .none ? .max : now + length(of: timer)
        } else if timer == .idle, stopsAt != nil {
            connection.deadline = min(connection.deadline, now + length(of: .idle))
        }
        guard connection.deadline < connection.scheduledAt else { return }
        connection.scheduledAt = connection.deadline
        deadlines.add(.init(at: connection.deadline, token: connection.token))
    }

    private func timer(for connection: Connection) -> Connection.Timer {
        if case .lingering = connection.phase { return .linger }
        if !connection.output.isEmpty { return .rate }
        switch connection.phase {
        case .idle: return .idle
        case .head: return .head
        case .collecting: return .rate
        case .working: return connection.upload.map { $0.isPaused ? .none : .rate } ?? .none
        case .answering, .lingering: return .none
        }
    }

    private func length(of timer: Connection.Timer) -> Int64 {
        switch timer {
        case .none: .max
        case .idle: (stopsAt == nil ? limits.idleTime : limits.stopIdleTime).milliseconds
        case .head: limits.headTime.milliseconds
        case .rate: limits.rateWindow.milliseconds
        case .linger: limits.lingerTime.milliseconds
        }
    }

    func expireDeadlines() {
        while let entry = deadlines.pop(dueAt: now) {
            guard let connection = connection(entry.token), connection.scheduledAt == entry.at else { continue }
            connection.scheduledAt = .max
            if connection.deadline <= now { expire(connection) }
            drive(connection)
        }
    }

    private func expire(_ connection: Connection) {
        switch connection.timer {
        case .none: break
        case .idle, .linger: close(connection)
        case .head: refuse(connection, RequestRefusal(status: 408, reason: "head not whole in time"))
        case .rate where connection.moved >= limits.leastPerWindow:
            connection.moved = 0
            connection.deadline = now + limits.rateWindow.milliseconds
        case .rate: cutSlow(connection)
        }
    }

    /// A body that does not come is answered 408; an answer that is not taken can only be cut.
    private func cutSlow(_ connection: Connection) {
        guard connection.output.isEmpty else { return close(connection) }
        switch connection.phase {
        case .collecting: refuse(connection, RequestRefusal(status: 408, reason: "body too slow"))
        case .working:
            connection.upload?.stream.fail()
            connection.upload = nil
            connection.closesAfterAnswer = true
        case .idle, .head, .answering, .lingering: close(connection)
        }
    }
}
