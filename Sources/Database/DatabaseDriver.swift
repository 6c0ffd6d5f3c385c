import Core
import SQL

/// What an engine brings. Closures arrive here already checked against use from inside another.
protocol DatabaseDriver: Sendable {
    var engine: Engine { get }
    var tally: Tally { get }
    func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T
    /// One view for as long as `body` takes, on a connection of its own; `body` may use databases meanwhile.
    func snapshot<T>(_ body: (any ReadTransaction) throws -> T) throws -> T
    func write<T: Sendable>(
        _ isolation: WriteIsolation, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) throws -> T
    /// Runs `body` in a transaction that may change the schema.
    func migrate<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T
    /// Runs `body` while no other start does.
    func migratingAlone(_ body: () throws -> Void) throws
    /// Keeps a copy of the data before its schema changes, where the engine has a file to copy.
    func copyBeforeMigration() throws(DatabaseError)
    func checkpoint() throws(DatabaseError)
    /// - Parameter limit: how long the file's pages may be looked at.
    func inspect(atMost limit: Timestamp.Span) throws -> DatabaseState
    var waitingWrites: Int { get }
    func announce(_ topics: Set<String>) throws
    func listen(_ heard: @escaping @Sendable (String) -> Void) -> ListenHandle?
    func requireExtension(_ name: String) throws(DatabaseError)
    /// Finishes what is queued and waits for it.
    func close()
    /// The same for an owner who is gone already, so without waiting: it may be the writer's thread that let go last.
    func abandon()
}

/// An engine within the program itself: nobody else to tell anything, and nothing to be added to it.
extension DatabaseDriver {
    func announce(_ topics: Set<String>) {}
    func listen(_ heard: @escaping @Sendable (String) -> Void) -> ListenHandle? { nil }
    func requireExtension(_ name: String) throws(DatabaseError) {}
}

/// How much a write closure sees of others that run beside it. SQLite runs one at a time anyway.
enum WriteIsolation {
    case serializable, readCommitted

    var sql: String {
        switch self {
        case .serializable: "SERIALIZABLE"
        case .readCommitted: "READ COMMITTED"
        }
    }
}

/// Marks the thread that runs a closure, so that a call from inside it is refused instead of waiting for itself.
enum ClosureMark {
    @TaskLocal private static var isInside = false

    static func refuseInside(_ what: String) throws(DatabaseError) {
        guard isInside else { return }
        throw DatabaseError(kind: .misuse, message: "a closure may not \(what) the database; use its transaction")
    }

    static func around<T>(_ body: () throws -> T) rethrows -> T {
        try $isInside.withValue(true, operation: body)
    }
}
