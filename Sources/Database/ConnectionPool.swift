import Core
import SQL

/// Connections shared by threads: opened when first needed, at most `limit`, used by one thread at a time.
final class ConnectionPool<Connection: Sendable>: Sendable {
    private struct State {
        var idle: [Connection] = []
        var opened = 0
        var isClosed = false
    }

    private enum Turn { case use(Connection), open, closed }

    private let limit: Int
    private let open: @Sendable () throws(DatabaseError) -> Connection
    private let end: @Sendable (Connection) -> Void
    private let state = Monitor(State())

    /// How long a caller waits for a connection before it is told that the database is too busy.
    private static var patience: Timestamp.Span { .seconds(10) }

    init(
        limit: Int, open: @escaping @Sendable () throws(DatabaseError) -> Connection,
        end: @escaping @Sendable (Connection) -> Void
    ) {
        self.limit = max(limit, 1)
        self.open = open
        self.end = end
    }

    /// A connection for the caller alone, who hands it back with `giveBack`.
    func take() throws(DatabaseError) -> Connection {
        let limit = limit
        let turn = state.wait(atMost: Self.patience) { state -> Turn? in
            if state.isClosed { return .closed }
            if let connection = state.idle.popLast() { return .use(connection) }
            guard state.opened < limit else { return nil }
            state.opened += 1
            return .open
        }
        switch turn {
        case .use(let connection): return connection
        case .closed: throw .closed
        case nil: throw DatabaseError(kind: .unavailable, message: "no database connection came free")
        case .open:
            do { return try open() } catch {
                drop(1)
                throw error
            }
        }
    }

    func giveBack(_ connection: Connection) {
        let isKept = state.withLock { state in
            if !state.isClosed { state.idle.append(connection) }
            return !state.isClosed
        }
        if isKept { return state.wakeOne() }
        end(connection)
        drop(1)
    }

    /// Leaves the place of those that are closed, or could not be opened, to others.
    private func drop(_ count: Int) {
        state.withLock { $0.opened -= count }
        state.wakeAll()
    }

    /// Closes what is idle now, and what is in use when it comes back.
    func close() {
        let idle = state.withLock { state in
            defer { state.idle = [] }
            state.isClosed = true
            return state.idle
        }
        idle.forEach(end)
        drop(idle.count)
    }

    /// After `close`: waits until the last connection has come back, or for as long as this.
    func awaitEnd(atMost limit: Timestamp.Span) {
        _ = state.wait(atMost: limit) { $0.opened == 0 ? () : nil }
    }
}

extension DatabaseError {
    static let closed = DatabaseError(kind: .unavailable, message: "the database is closed")
}
