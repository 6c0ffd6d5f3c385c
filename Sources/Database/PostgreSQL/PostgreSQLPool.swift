import Core
import SQL

/// Connections shared by threads: opened when first needed, used by one thread at a time, handed on in the order of
/// asking.
final class PostgreSQLPool: Sendable {
    private enum Turn {
        case use(PostgreSQLConnection)
        case open
        case refused(DatabaseError)
    }

    /// A thread that waits for its turn.
    private final class Waiter: Sendable {
        private let turn = Monitor<Turn?>(nil)

        func give(_ turn: Turn) {
            self.turn.withLock { $0 = turn }
            self.turn.wakeOne()
        }

        func await(atMost limit: Timestamp.Span) -> Turn? { turn.wait(atMost: limit) { $0 } }
        /// For one whose turn is on its way.
        func await() -> Turn { turn.wait { $0 } }
    }

    private struct State {
        /// The last one given back is the first to be taken, so that those not needed grow old at the front.
        var idle: [(connection: PostgreSQLConnection, since: Timestamp.Span)] = []
        /// Idle, in use and being opened.
        var opened = 0
        var waiters: [Waiter] = []
        var circuit = PostgreSQLCircuit()
        /// A connection was made once: before that, whoever starts the program is told by its end.
        var wasReached = false
        /// The server has no room: until then no other is opened.
        var fullUntil: Timestamp.Span?
        var isClosed = false
    }

    private let address: PostgreSQLAddress
    private let limit: Int
    private let clock: any Clock
    private let log: Log
    private let state = Monitor(State())

    /// How long a caller waits for a connection before it is told that the database is too busy.
    private static let patience = Timestamp.Span.seconds(8)
    private static let longestIdle = Timestamp.Span.minutes(5)
    /// Renewed then: a server process grows with what it has seen, and a balancer may know better servers by now.
    private static let longestLife = Timestamp.Span.minutes(30)
    private static let pauseWhenFull = Timestamp.Span.seconds(1)

    init(_ address: PostgreSQLAddress, limit: Int, clock: any Clock, log: Log) {
        self.address = address
        self.limit = max(limit, 1)
        self.clock = clock
        self.log = log
    }

    /// How many connections there are, idle ones among them.
    var count: Int { state.withLock { $0.opened } }

    /// How many callers wait for one.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// A connection for the caller alone, who hands it back with `giveBack` or `drop`.
    func take() throws(DatabaseError) -> PostgreSQLConnection {
        while true {
            switch turn() {
            case .refused(let error): throw error
            case .open: if let connection = try open() { return connection }
            case .use(let connection):
                // The server may have hung up while it lay idle.
                if connection.looksAlive { return connection }
                drop()
            }
        }
    }

    func giveBack(_ connection: PostgreSQLConnection) {
        let now = clock.sinceBoot()
        guard now - connection.opened < Self.longestLife else { return drop() }
        // Those too long idle end here, after the lock is let go.
        let (waiter, _) = state.withLock { state -> (Waiter?, [PostgreSQLConnection]) in
            if state.isClosed { return (nil, []) }
            if !state.waiters.isEmpty { return (state.waiters.removeFirst(), []) }
            state.idle.append((connection, now))
            let old = state.idle.prefix { now - $0.since > Self.longestIdle }
            state.idle.removeFirst(old.count)
            state.opened -= old.count
            return (nil, old.map(\.connection))
        }
        waiter?.give(.use(connection))
    }

    /// Forgets a connection that died, so that another may take its place.
    func drop() {
        let now = clock.sinceBoot()
        let next = state.withLock { state -> (Waiter, Turn)? in
            state.opened -= 1
            guard !state.waiters.isEmpty else { return nil }
            let waiter = state.waiters.removeFirst()
            if let error = state.circuit.refusal(at: now) { return (waiter, .refused(error)) }
            state.opened += 1
            return (waiter, .open)
        }
        next?.0.give(next?.1 ?? .open)
    }

    /// Forgets one on which the server was silent, and the idle ones, which hardly live either. Until one caller has
    /// reached the server all others are refused.
    func dropSilent(_ error: DatabaseError) {
        let now = clock.sinceBoot()
        let (waiters, _) = state.withLock { state -> ([Waiter], [PostgreSQLConnection]) in
            state.circuit.suspect(error, at: now)
            state.opened -= state.idle.count + 1
            defer {
                state.idle.removeAll()
                state.waiters.removeAll()
            }
            return (state.waiters, state.idle.map(\.connection))
        }
        for waiter in waiters { waiter.give(.refused(error)) }
    }

    func close() {
        let (waiters, _) = state.withLock { state -> ([Waiter], [PostgreSQLConnection]) in
            state.isClosed = true
            defer {
                state.idle.removeAll()
                state.waiters.removeAll()
            }
            return (state.waiters, state.idle.map(\.connection))
        }
        for waiter in waiters { waiter.give(.refused(.closed)) }
    }

    /// What the caller may do, waiting for it behind those who asked before.
    private func turn() -> Turn {
        let now = clock.sinceBoot()
        let waiter = Waiter()
        let turn = state.withLock { state -> Turn? in
            if state.isClosed { return .refused(.closed) }
            if let idle = state.idle.popLast() { return .use(idle.connection) }
            let isFull = state.fullUntil.map { now < $0 && state.opened > 0 } ?? false
            guard state.opened < limit, !isFull else {
                state.waiters.append(waiter)
                return nil
            }
            if let error = state.circuit.refusal(at: now) { return .refused(error) }
            state.opened += 1
            return .open
        }
        if let turn = turn ?? waiter.await(atMost: Self.patience) { return turn }
        let isForgotten = state.withLock { state in
            let place = state.waiters.firstIndex { $0 === waiter }
            if let place { state.waiters.remove(at: place) }
            return place != nil
        }
        let busy = DatabaseError(kind: .unavailable, message: "no database connection came free")
        return isForgotten ? .refused(busy) : waiter.await()
    }

    /// - Returns: nil when the server has no room for another, but ours will come free.
    private func open() throws(DatabaseError) -> PostgreSQLConnection? {
        do throws(PostgreSQLRefusal) {
            let connection = try PostgreSQLConnection(address, clock: clock)
            let wasAway = state.withLock { state in
                state.fullUntil = nil
                state.wasReached = true
                return state.circuit.succeeded()
            }
            if wasAway { log.info("database.reachable") }
            return connection
        } catch {
            let refusal = error
            let now = clock.sinceBoot()
            let (waiters, isFirst) = state.withLock { state -> ([Waiter]?, Bool) in
                state.opened -= 1
                if refusal.isFull, state.opened > 0 {
                    state.fullUntil = now + Self.pauseWhenFull
                    return (nil, false)
                }
                let isFirst = state.circuit.failed(refusal.error, at: now) && state.wasReached
                defer { state.waiters.removeAll() }
                return (state.waiters, isFirst)
            }
            guard let waiters else { return nil }
            if isFirst { log.warning("database.unreachable", ["error": .error(refusal.error)]) }
            for waiter in waiters { waiter.give(.refused(refusal.error)) }
            throw refusal.error
        }
    }
}
