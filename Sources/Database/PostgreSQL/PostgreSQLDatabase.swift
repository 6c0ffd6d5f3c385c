import Core
import SQL
final class PostgreSQLDatabase: DatabaseDriver {
    let engine = Engine.postgresql
    init(address: Secret, clock: any Clock, log: Log, options: DatabaseOptions) throws(DatabaseError) {
        throw DatabaseError(kind: .unavailable, message: "PostgreSQL is not reachable yet")
    }
    func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T { throw DatabaseError.closed }
    func write<T: Sendable>(
        _ isolation: WriteIsolation, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) throws -> T { throw DatabaseError.closed }
    func migrate<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
        throw DatabaseError.closed
    }
    func copyBeforeMigration() throws(DatabaseError) {}
    func checkpoint() throws(DatabaseError) {}
    func close() {}
    func abandon() {}
}
