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
    private let state = Monitor(State())

    /// How long a caller waits for a connection before it is told that the database is too busy.
    private static var patience: Timestamp.Span { .seconds(10) }

    init(limit: Int, open: @escaping @Sendable () throws(DatabaseError) -> Connection) {
        self.limit = max(limit, 1)
        self.open = open
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
                drop()
                throw error
            }
        }
    }

    func giveBack(_ connection: Connection) {
        state.withLock { state in
            // Closed meanwhile: the last reference ends here, and with it the connection.
            if !state.isClosed { state.idle.append(connection) }
        }
        state.wakeOne()
    }

    /// One that could not be opened leaves its place to another.
    private func drop() {
        state.withLock { $0.opened -= 1 }
        state.wakeOne()
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            state.idle.removeAll()
        }
        state.wakeAll()
    }
}

extension DatabaseError {
    static let closed = DatabaseError(kind: .unavailable, message: "the database is closed")
}
