import SQL

/// A transaction on one SQLite connection; the writer or the reader pool begins and ends it.
final class SQLiteTransaction: WriteTransaction, Sendable {
    private let connection: SQLiteConnection
    private let scope: TransactionScope
    private let reach: StatementReach

    init(_ connection: SQLiteConnection, scope: TransactionScope, reach: StatementReach = .data(prefix: nil)) {
        self.connection = connection
        self.scope = scope
        self.reach = reach
    }

    var engine: Engine { .sqlite }

    func rows(_ query: Query) throws(DatabaseError) -> [Row] {
        try statement(query) { () throws(DatabaseError) in try connection.rows(query, reach: reach) }
    }

    func run(_ query: Query) throws(DatabaseError) -> Int {
        try statement(query) { () throws(DatabaseError) in try connection.run(query, reach: reach) }
    }

    func afterCommit(_ wake: @escaping @Sendable () -> Void) { scope.afterCommit(wake) }

    func limited(to prefix: String) -> SQLiteTransaction {
        SQLiteTransaction(connection, scope: scope, reach: reach.limited(to: prefix))
    }

    /// The engine may drop a transaction by itself (full disk, I/O error: https://sqlite.org/lang_transaction.html);
    /// a statement after that would commit alone.
    private func statement<T>(
        _ query: Query, _ run: () throws(DatabaseError) -> T
    ) throws(DatabaseError) -> T {
        try scope.statement { () throws(DatabaseError) in
            guard connection.isInTransaction else {
                throw DatabaseError(
                    kind: .unavailable, message: "the engine has dropped the transaction", sql: query.text)
            }
            return try run()
        }
    }
}
